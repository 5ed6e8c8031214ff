-- expect: 2: a/b: server.token.each_batch: found a named value in a list; allowed: a list of steps: answer {...}, fault {...}, hang {...}, decide(function) or rest(step)
scenario "a/b" {
  rules = { "RA-1" },
  server = { token = { each_batch = {} } },
}
