-- expect: 2: a/b: given.config.flushAt: found 0; allowed: an integer from 1 to 10000
scenario "a/b" {
  rules = { "RA-1" },
  given = { config = { flushAt = 0 } },
}
