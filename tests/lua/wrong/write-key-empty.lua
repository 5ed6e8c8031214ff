-- expect: 2: a/b: given.write_key: found ""; allowed: text, not empty, without control characters
scenario "a/b" {
  rules = { "RA-1" },
  given = { write_key = "" },
}
