-- expect: 2: a/b: server[1].expires_in: found a token's life; allowed: in the steps of token
scenario "a/b" {
  rules = { "AUTH-5" },
  server = { answer { 200, expires_in = 2 } },
}
