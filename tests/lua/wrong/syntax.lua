-- expect: 3: unexpected symbol near '='
scenario "a" {
  rules = = 1,
}
