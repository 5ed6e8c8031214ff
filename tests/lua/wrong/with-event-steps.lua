-- expect: 2: a/b: server.with_event[1]: found 400; allowed: a list of steps: answer {...}, fault {...}, hang {...}, decide(function) or rest(step)
scenario "a/b" {
  rules = { "RA-1" },
  server = { with_event = { [1] = 400 } },
}
