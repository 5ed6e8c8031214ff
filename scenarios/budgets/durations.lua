-- BUDGET-3: No attempt starts later than maxTotalBackoffDuration after the
-- first failure; 0 gives up at once.
scenario "budgets/durations/backoff-2s" {
  rules  = { "BUDGET-3" },
  given  = { events = 1, config = { maxTotalBackoffMs = 2000 } },
  server = { answer { 503, times = 5 }, answer { 200 } },
  expect = { delivered = "none" },
}

scenario "budgets/durations/backoff-0" {
  rules  = { "BUDGET-3" },
  given  = { events = 1, config = { maxTotalBackoffMs = 0 } },
  server = { rest(answer { 503 }) },
  expect = { attempts = 1, delivered = "none" },
}

-- BUDGET-4: No attempt starts later than maxRateLimitDuration after the first
-- rate limit.
-- RA-11: Endless 429 with Retry-After ends; the batch is then reported.
scenario "budgets/durations/rate-limit-2.5s" {
  rules  = { "RA-11", "BUDGET-4", "DELIVER-4" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRateLimitMs = 2500 } },
  server = { rest(answer { 429, retry_after = 1 }) },
  expect = { attempts = { 2, 3 }, delivered = "none", success = false },
  limit  = "8s",
}
