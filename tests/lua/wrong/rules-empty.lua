-- expect: 2: a/b: rules: found an empty list; allowed: at least one rule that the scenario is there to exercise
scenario "a/b" {
  rules = {},
}
