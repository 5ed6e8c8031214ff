-- expect: 2: a/b: needs[1]: unknown value of maxRetries; did you mean zero? allowed: zero
scenario "a/b" {
  rules = { "RA-1" },
  needs = { "config.maxRetries.zeros" },
}
