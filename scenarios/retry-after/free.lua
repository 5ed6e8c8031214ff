-- RA-4: A Retry-After wait does not consume the retry budget.
scenario "retry-after/free/one-retry-left" {
  rules  = { "RA-4" },
  given  = { events = 1, config = { maxRetries = 1 } },
  server = { answer { 429, retry_after = 1 }, answer { 503 }, answer { 200 } },
  expect = { attempts = 3, delivered = "all", success = true },
}

scenario "retry-after/free/three-waits" {
  rules  = { "RA-4", "COUNT-3" },
  given  = { events = 1, config = { maxRetries = 1 } },
  server = { answer { 429, retry_after = 1, times = 3 }, answer { 200 } },
  expect = { attempts = 4, delivered = "all", success = true },
}

scenario "retry-after/free/gives-nothing-back" {
  rules  = { "BUDGET-1", "RA-4" },
  given  = { events = 1, config = { maxRetries = 2 } },
  server = {
    answer { 503, times = 2 },
    answer { 429, retry_after = 1 },
    rest(answer { 503 }),
  },
  expect = { attempts = 4, delivered = "none" },
}

scenario "retry-after/free/between-two-failures" {
  rules  = { "RA-4", "BUDGET-1" },
  given  = { events = 1, config = { maxRetries = 1 } },
  server = {
    answer { 503 },
    answer { 429, retry_after = 1 },
    rest(answer { 503 }),
  },
  expect = { attempts = 3, delivered = "none" },
}
