-- expect: 4: a/b: server.token[1].expires_in: stands beside body, which says it itself; allowed: one of the two
scenario "a/b" {
  rules = { "AUTH-5" },
  server = { token = { answer { 200, expires_in = 2, body = "{}" } } },
}
