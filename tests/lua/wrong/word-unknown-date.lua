-- expect: 4: a/b: server[1].retry_after.from: unknown word; did you mean form? allowed: form, offset
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, retry_after = date { from = "imf", offset = 1 } } },
}
