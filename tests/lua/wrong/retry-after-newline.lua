-- expect: 4: a/b: server[1].retry_after: found "1\x0d\x0aX: y"; allowed: text without CR, LF and NUL
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, retry_after = "1\r\nX: y" } },
}
