-- expect: 2: a/b: server.with_event[4]: found 4; allowed: an integer from 1 to 3
scenario "a/b" {
  rules = { "RA-1" },
  given = { events = 3 },
  server = { with_event = { [4] = { answer { 400 } } } },
}
