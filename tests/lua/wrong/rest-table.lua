-- expect: 4: a/b: server[1]: rest holds a table; allowed: answer {...}, fault {...}, hang {...} or decide(function)
scenario "a/b" {
  rules = { "RA-1" },
  server = { rest { 503 } },
}
