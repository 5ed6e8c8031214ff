-- expect: 2: a/b: server.ingest.token: unknown word; allowed: each_batch, with_event, decide
scenario "a/b" {
  rules = { "RA-1" },
  server = { ingest = { token = {} } },
}
