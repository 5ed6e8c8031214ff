-- expect: 2: a/b: given.wrong_config.maxRetries: found "5"; allowed: what the key does not allow
scenario "a/b" {
  rules = { "RA-1" },
  given = { wrong_config = { maxRetries = "5" } },
}
