-- expect: 4: a/b: server.token[1].expires_in: found a token's life; a 503 brings no token, 200 to 299 do
scenario "a/b" {
  rules = { "AUTH-5" },
  server = { token = { answer { 503, expires_in = 2 } } },
}
