-- expect: 4: a/b: server[1][2]: found 201 without a name; allowed: status, retry_after, headers, body, location, expires_in, delay, times, step_clock
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, 201 } },
}
