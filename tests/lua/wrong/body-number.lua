-- expect: 4: a/b: server[1].body: found 7; allowed: text
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, body = 7 } },
}
