-- expect: 2: a/b: given.event_bytes[1]: found 0; allowed: an integer from 1 to 1000000
scenario "a/b" {
  rules = { "RA-1" },
  given = { event_bytes = { [1] = 0 } },
}
