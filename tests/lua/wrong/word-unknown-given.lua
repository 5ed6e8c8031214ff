-- expect: 2: a/b: given.event: unknown word; did you mean events? allowed: events, sequences, clients, event_bytes, write_key, https, config, wrong_config
scenario "a/b" {
  rules = { "RA-1" },
  given = { event = 3 },
}
