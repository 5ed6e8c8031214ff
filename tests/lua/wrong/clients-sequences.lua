-- expect: 2: a/b: given.sequences: found 1 for 2 clients; allowed: at least one each
scenario "a/b" {
  rules = { "RA-1" },
  given = { clients = 2, sequences = { { events = 9 } } },
}
