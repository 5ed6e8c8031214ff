-- expect: 2: a/b: rules[1]: found 1; allowed: a rule's id
scenario "a/b" {
  rules = { 1 },
}
