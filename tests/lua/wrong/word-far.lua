-- expect: 4: a/b: server[1].zzzzzzzz: unknown word; allowed: status, retry_after, headers, body, location, expires_in, delay, times, step_clock
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, zzzzzzzz = 2 } },
}
