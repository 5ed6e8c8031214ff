-- expect: 2: a/b: given.event_bytes[3]: found 3; allowed: an integer from 1 to 2
scenario "a/b" {
  rules = { "RA-1" },
  given = { events = 2, event_bytes = { [3] = 100 } },
}
