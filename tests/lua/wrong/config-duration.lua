-- expect: 2: a/b: given.config.maxRetries: found "2s"; allowed: an integer from 0 to 1000000
scenario "a/b" {
  rules = { "RA-1" },
  given = { config = { maxRetries = "2s" } },
}
