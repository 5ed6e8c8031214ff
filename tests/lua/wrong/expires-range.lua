-- expect: 4: a/b: server.token[1].expires_in: found 0; allowed: an integer from 1 to 86400
scenario "a/b" {
  rules = { "AUTH-5" },
  server = { token = { answer { 200, expires_in = 0 } } },
}
