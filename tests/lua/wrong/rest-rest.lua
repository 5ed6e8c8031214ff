-- expect: 4: a/b: server[1]: rest holds a rest; allowed: one
scenario "a/b" {
  rules = { "RA-1" },
  server = { rest(rest(answer { 503 })) },
}
