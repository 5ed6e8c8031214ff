-- expect: 2: scenario: found ""; allowed: small letters, digits and . _ / + -, the first a letter or digit
scenario "" {
  rules = { "RA-1" },
}
