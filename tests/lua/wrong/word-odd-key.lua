-- expect: 4: a/b: server[1]["a b\x0a"]: unknown word; allowed: status, retry_after, headers, body, location, expires_in, delay, times, step_clock
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, ["a b\n"] = 2 } },
}
