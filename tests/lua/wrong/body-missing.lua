-- expect: 5: c: is declared without a body; allowed: scenario "c" { rules = ..., server = ... }
scenario "a/b" {
  rules = { "RA-1" },
}
scenario "c"
