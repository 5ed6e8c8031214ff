-- expect: 2: a/b: server[1]: found a date; allowed: answer {...}, fault {...}, hang {...}, decide(function) or rest(step)
scenario "a/b" {
  rules = { "RA-1" },
  server = { date { offset = 1 } },
}
