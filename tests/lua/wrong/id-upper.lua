-- expect: 2: scenario: found "Retry"; allowed: small letters, digits and . _ / + -, the first a letter or digit
scenario "Retry" {
  rules = { "RA-1" },
}
