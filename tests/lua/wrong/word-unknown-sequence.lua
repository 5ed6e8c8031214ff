-- expect: 2: a/b: given.sequences[1].dely: unknown word; did you mean delay? allowed: events, delay
scenario "a/b" {
  rules = { "RA-1" },
  given = { sequences = { { events = 1, dely = "1s" } } },
}
