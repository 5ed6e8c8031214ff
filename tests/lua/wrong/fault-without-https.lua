-- expect: 4: a/b: server.on_connection[1][1]: tls-expired is played over TLS only; allowed: in a scenario with given = { https = true }
scenario "a/b" {
  rules = { "NET-1" },
  server = { on_connection = { [1] = fault "tls-expired" }, answer { 200 } },
}
