-- expect: 2: a/b: server.each_bach: unknown word; did you mean each_batch? allowed: each_batch, with_event, decide, ingest, token, settings, on_connection
scenario "a/b" {
  rules = { "RA-1" },
  server = { each_bach = {} },
}
