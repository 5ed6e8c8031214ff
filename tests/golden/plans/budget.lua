-- Everything a client can be given.
scenario "budget/retries" {
  rules  = { "BUDGET-1" },
  needs  = { "on-error" },
  given  = {
    events = 3,
    event_bytes = 500,
    write_key = "a \"key\"",
    config = {
      flushAt = 2, flushInterval = "250ms", maxRetries = 0, timeout = 1500,
      maxRetryAfterMs = "5m", maxTotalBackoffMs = "12h", maxRateLimitMs = 0,
      workers = 64, backoffBaseMs = "10ms", maxBackoffMs = "1s",
      maxBatchBytes = 36000, maxQueueSize = 3,
    },
  },
  server = rest(answer { 503 }),
  expect = { attempts = { 2, 4 }, delivered = "none", success = false },
  limit  = "1m",
}

scenario "budget/later" {
  rules = { "BUDGET-5", "BACK-5" },
  given = { sequences = { { events = 2 }, { delay = "1.5s", events = 5 } } },
  observe = "1.5s",
}

scenario "budget/wrong" {
  rules = { "BUDGET-6" },
  given = {
    events = 3,
    event_bytes = { [2] = 40000, [3] = 1 },
    wrong_config = { maxRetries = "null", timeout = '"NaN"', flushInterval = "-1" },
  },
}
