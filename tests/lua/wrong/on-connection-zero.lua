-- expect: 2: a/b: server.on_connection[0]: found 0; allowed: an integer from 1 to 10000
scenario "a/b" {
  rules = { "RA-1" },
  server = { on_connection = { [0] = answer { 200 } } },
}
