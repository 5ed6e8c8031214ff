-- RA-4: A Retry-After wait does not consume the retry budget.
local failing, limiting = profile.failing, profile.limiting

scenario "retry-after/free/one-retry-left" {
  rules  = { "RA-4" },
  given  = { events = 1, config = { maxRetries = profile.retries_as(1) } },
  server = { answer { limiting, retry_after = 1 }, answer { failing }, answer { 200 } },
  expect = "policy",
}

scenario "retry-after/free/three-waits" {
  rules  = { "RA-4", "COUNT-3" },
  given  = { events = 1, config = { maxRetries = profile.retries_as(1) } },
  server = { answer { limiting, retry_after = 1, times = 3 }, answer { 200 } },
  expect = "policy",
}

scenario "retry-after/free/gives-nothing-back" {
  rules  = { "BUDGET-1", "RA-4" },
  given  = { events = 1, config = { maxRetries = 2 } },
  server = {
    answer { failing, times = 2 },
    answer { limiting, retry_after = 1 },
    rest(answer { failing }),
  },
  expect = "policy",
}

scenario "retry-after/free/between-two-failures" {
  rules  = { "RA-4", "BUDGET-1" },
  given  = { events = 1, config = { maxRetries = profile.retries_as(1) } },
  server = {
    answer { failing },
    answer { limiting, retry_after = 1 },
    rest(answer { failing }),
  },
  expect = "policy",
}
