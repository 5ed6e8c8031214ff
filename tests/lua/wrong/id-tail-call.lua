-- expect: scenario is called where the file has no line: write scenario "id" { ... }, without return
return scenario "a"
