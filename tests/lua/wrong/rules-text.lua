-- expect: 2: a/b: rules: found "RA-1"; allowed: a list of rules, such as { "RA-1" }
scenario "a/b" {
  rules = "RA-1",
}
