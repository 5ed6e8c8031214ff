-- expect: 4: a/b: server[1].retry_after: found 1.5; allowed: an integer, or text: "1.5"
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, retry_after = 1.5 } },
}
