-- expect: 2: a/b: check: found "x"; allowed: a function(record)
scenario "a/b" {
  rules = { "RA-1" },
  check = "x",
}
