-- BUDGET-3, BUDGET-4: A budget of ten minutes is spent in ten minutes, when the
-- wall clock was set back by an hour meanwhile, too.
scenario "clock/back/backoff-budget" {
  rules  = { "BUDGET-3" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxTotalBackoffMs = "10m" } },
  server = {
    answer { 503, step_clock = { by = "-1h", after = "200ms" } },
    rest(answer { 503 }),
  },
  expect = { delivered = "none", success = false },
  clock  = "jump",
  limit  = "3h",
}

scenario "clock/back/rate-limit-budget" {
  rules  = { "BUDGET-4", "RA-11" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRateLimitMs = "10m" } },
  server = {
    answer { 429, retry_after = 50, step_clock = { by = "-1h", after = "5s" } },
    rest(answer { 429, retry_after = 50 }),
  },
  expect = { delivered = "none", success = false },
  clock  = "jump",
  limit  = "3h",
}

-- DELIVER-1: ... and is not spent by a wall clock that was set ahead by a day.
scenario "clock/ahead/backoff-budget" {
  rules  = { "DELIVER-1", "BACK-1" },
  needs  = { "config.maxTotalBackoffMs" },
  given  = { events = 1 },
  server = {
    answer { 503, step_clock = { by = "24h", after = "200ms" } },
    answer { 503, times = 4 },
    answer { 200 },
  },
  expect = { attempts = 6, delivered = "all", success = true },
  clock  = "jump",
  limit  = "3h",
}

scenario "clock/ahead/rate-limit-budget" {
  rules  = { "DELIVER-1", "RA-1" },
  needs  = { "config.maxRateLimitMs" },
  given  = { events = 1 },
  server = {
    answer { 429, retry_after = 50, step_clock = { by = "24h", after = "5s" } },
    answer { 429, retry_after = 50, times = 3 },
    answer { 200 },
  },
  expect = { attempts = 5, delivered = "all", success = true },
  clock  = "jump",
  limit  = "3h",
}
