-- expect: 2: a/b: limit: found "101h"; allowed: at most 6000 minutes
scenario "a/b" {
  rules = { "RA-1" },
  clock = "jump",
  limit = "101h",
}
