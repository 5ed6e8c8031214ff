-- expect: 4: a/b: server[1].times: found -1; allowed: an integer from 1 to 100000
scenario "a/b" {
  rules = { "RA-1" },
  server = { fault { "reset", times = -1 } },
}
