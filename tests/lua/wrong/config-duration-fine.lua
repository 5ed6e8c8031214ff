-- expect: 2: a/b: given.config.timeout: found "0.5ms"; allowed: a duration in whole ms, such as "250ms" or "2s"
scenario "a/b" {
  rules = { "RA-1" },
  given = { config = { timeout = "0.5ms" } },
}
