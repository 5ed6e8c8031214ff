-- RA-7: 429 without the header is a counted backoff.
scenario "retry-after/bare/once" {
  when   = profile.retries(429),
  rules  = { "RA-7", "COUNT-2" },
  given  = { events = 1 },
  server = { answer { 429 }, answer { 200 } },
  expect = "policy",
}

scenario "retry-after/bare/spends-the-budget" {
  when   = profile.retries(429),
  rules  = { "RA-7", "BUDGET-1" },
  given  = { events = 1, config = { maxRetries = 2 } },
  server = { rest(answer { 429 }) },
  expect = "policy",
}
