-- expect: 4: a/b: server[1].headers[1]: found "Content-Length"; the server frames the body itself
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, headers = { { "Content-Length", "1" } } } },
}
