-- expect: 4: a/b: server[1].headers["X A"]: found the name "X A"; allowed: a token as in RFC 9110, 5.6.2
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, headers = { ["X A"] = "b" } } },
}
