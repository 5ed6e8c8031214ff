-- expect: 2: scenario is called where the file has no line: write scenario "id" { ... }, without return
coroutine.wrap(scenario)("a")
