-- expect: 2: a/b: rules[2]: unknown rule "RA-l"; did you mean RA-1? `retrial list rules` has them
scenario "a/b" {
  rules = { "RA-1", "RA-l" },
}
