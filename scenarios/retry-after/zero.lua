-- RA-8: Retry-After: 0 never makes a tight loop: a floor or a counted backoff.
scenario "retry-after/zero/once" {
  rules  = { "RA-8" },
  given  = { events = 1, config = { maxRetries = 5 } },
  server = { answer { 429, retry_after = 0 }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}

scenario "retry-after/zero/for-ever" {
  rules   = { "RA-8" },
  given   = { events = 1, config = { maxRetries = 2 } },
  server  = { rest(answer { 429, retry_after = 0 }) },
  observe = "5s",
}
