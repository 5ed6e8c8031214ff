-- expect: 2: a/b: given.wrong_config.maxRetries: found "NaN"; allowed: JSON as text, such as "null" or "-1"
scenario "a/b" {
  rules = { "RA-1" },
  given = { wrong_config = { maxRetries = "NaN" } },
}
