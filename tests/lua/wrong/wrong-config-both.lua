-- expect: 2: a/b: given.wrong_config.workers: stands in config too; allowed: one of the two
scenario "a/b" {
  rules = { "RA-1" },
  given = { config = { workers = 2 }, wrong_config = { workers = "-1" } },
}
