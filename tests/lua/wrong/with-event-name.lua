-- expect: 2: a/b: server.with_event.two: found "two"; allowed: an event's number
scenario "a/b" {
  rules = { "RA-1" },
  server = { with_event = { two = { answer { 400 } } } },
}
