-- expect: 2: a/b: needs[1]: found "two words"; allowed: a word of letters, digits, '.', '_', '-'
scenario "a/b" {
  rules = { "RA-1" },
  needs = { "two words" },
}
