-- expect: 2: a/b: rules[1]: unknown rule "WHATEVER"; `retrial list rules` has them
scenario "a/b" {
  rules = { "WHATEVER" },
}
