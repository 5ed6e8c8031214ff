-- expect: 2: a/b: limit: found "0s"; allowed: a duration longer than 0
scenario "a/b" {
  rules = { "RA-1" },
  limit = "0s",
}
