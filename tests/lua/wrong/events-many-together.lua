-- expect: 2: a/b: given.sequences: found 12000 events in all; allowed: at most 10000
scenario "a/b" {
  rules = { "RA-1" },
  given = { sequences = { { events = 6000 }, { events = 6000 } } },
}
