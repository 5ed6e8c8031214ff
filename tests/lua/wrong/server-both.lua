-- expect: 2: a/b: server.ingest: stands beside steps of server itself, which are the same; allowed: one of the two
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200 }, ingest = { answer { 200 } } },
}
