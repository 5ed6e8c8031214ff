-- expect: 2: a/b: given.wrong_config.maxRetries: found -1; allowed: JSON as text, such as "null"
scenario "a/b" {
  rules = { "RA-1" },
  given = { wrong_config = { maxRetries = -1 } },
}
