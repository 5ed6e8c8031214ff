-- expect: 4: a/b: server[1]: rest holds a step with times; rest is for all further requests
scenario "a/b" {
  rules = { "RA-1" },
  server = { rest(answer { 503, times = 2 }) },
}
