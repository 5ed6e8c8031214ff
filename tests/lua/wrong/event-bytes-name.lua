-- expect: 2: a/b: given.event_bytes: found "one"; allowed: an integer from 1 to 1
scenario "a/b" {
  rules = { "RA-1" },
  given = { event_bytes = { one = 100 } },
}
