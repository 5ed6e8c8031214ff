-- expect: 4: a/b: server[1].body: found a body; a 204 has none
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 204, body = "x" } },
}
