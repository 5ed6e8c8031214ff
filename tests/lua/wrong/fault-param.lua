-- expect: 4: a/b: server[1].idle: found 50; allowed: a duration such as "250ms", "2s", "1.5s" or "3m"
scenario "a/b" {
  rules = { "RA-1" },
  server = { fault { "close-idle", idle = 50 } },
}
