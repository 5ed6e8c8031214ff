-- expect: 2: a/b: observe: found "2s"; allowed: less than limit (2 s)
scenario "a/b" {
  rules = { "RA-1" },
  limit = "2s", observe = "2s",
}
