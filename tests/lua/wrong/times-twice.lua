-- expect: 4: a/b: server[1]: is repeated twice; allowed: times = n, or step * n
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, times = 2 } * 3 },
}
