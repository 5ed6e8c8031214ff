-- expect: 4: a/b: server[1].headers["X-A"]: found "b\x0aSet-Cookie: c"; allowed: text without CR, LF and NUL
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, headers = { ["X-A"] = "b\nSet-Cookie: c" } } },
}
