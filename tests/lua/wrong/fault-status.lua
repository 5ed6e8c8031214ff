-- expect: 4: a/b: server[1].status: found 1000; allowed: an integer from 100 to 999
scenario "a/b" {
  rules = { "RA-1" },
  server = { fault { "close-idle", status = 1000 } },
}
