-- expect: 2: a/b: given.config.maxRetryAfterMs: found "10m"; allowed: 0 to 300000 ms
scenario "a/b" {
  rules = { "RA-1" },
  given = { config = { maxRetryAfterMs = "10m" } },
}
