-- expect: 2: a/b: rules[2]: names RA-1 twice
scenario "a/b" {
  rules = { "RA-1", "RA-1" },
}
