-- BUDGET-5: The defaults are 1000 retries, 43,200 s and 43,200 s.
--
-- The retries are counted here, with a backoff of 1 ms; the two durations take
-- a clock that jumps.
scenario "budgets/defaults/retries" {
  rules  = { "BUDGET-5" },
  given  = { events = 1, config = { backoffBaseMs = 1, maxBackoffMs = 1 } },
  server = rest(answer { profile.failing }),
  expect = "policy",
}
