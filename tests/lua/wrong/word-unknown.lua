-- expect: 5: retry-after/seconds: server[1].retry_afer: unknown word; did you mean retry_after? allowed: status, retry_after, headers, body, location, expires_in, delay, times, step_clock
scenario "retry-after/seconds" {
  rules  = { "RA-1" },
  server = {
    answer { 429, retry_afer = 2 },
    answer { 200 },
  },
}
