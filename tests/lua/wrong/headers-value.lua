-- expect: 4: a/b: server[1].headers["X-A"]: found true; allowed: text or an integer
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, headers = { ["X-A"] = true } } },
}
