-- expect: 2: a/b: given.events: stands beside sequences, which have their own; allowed: one of the two
scenario "a/b" {
  rules = { "RA-1" },
  given = { events = 1, sequences = { { events = 1 } } },
}
