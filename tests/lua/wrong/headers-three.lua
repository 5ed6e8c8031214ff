-- expect: 4: a/b: server[1].headers[1]: found 3 values; allowed: { "Name", "value" }
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, headers = { { "X-A", "b", "c" } } } },
}
