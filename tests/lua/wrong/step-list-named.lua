-- expect: 2: a/b: server.each_batch.x: found a named value in a list; allowed: a list of steps: answer {...}, fault {...}, hang {...}, decide(function) or rest(step)
scenario "a/b" {
  rules = { "RA-1" },
  server = { each_batch = { answer { 200 }, x = 1 } },
}
