-- expect: 2: a/b: server: found "200"; allowed: a list of steps, or a table of each_batch, with_event, decide, ingest, token, settings, on_connection
scenario "a/b" {
  rules = { "RA-1" },
  server = "200",
}
