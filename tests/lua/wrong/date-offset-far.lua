-- expect: 4: a/b: server[1].retry_after.offset: found "99999999999h"; allowed: -1000000000 to 100000000000 seconds
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, retry_after = date { offset = "99999999999h" } } },
}
