-- expect: 5: a/b: server.on_connection[1][1]: tls-for-plain is played in the clear only; allowed: in a scenario without https
scenario "a/b" {
  rules = { "NET-1" },
  given = { https = true },
  server = { on_connection = { [1] = fault "tls-for-plain" }, answer { 200 } },
}
