-- expect: 2: a/b: limit: found 20; allowed: a duration such as "250ms", "2s", "1.5s" or "3m"
scenario "a/b" {
  rules = { "RA-1" },
  limit = 20,
}
