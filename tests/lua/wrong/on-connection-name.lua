-- expect: 2: a/b: server.on_connection.first: found "first"; allowed: a connection's number: 1, 2, 3 ...
scenario "a/b" {
  rules = { "RA-1" },
  server = { on_connection = { first = answer { 200 } } },
}
