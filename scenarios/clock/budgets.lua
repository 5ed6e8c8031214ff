-- BUDGET-3, BUDGET-4: A budget of ten minutes is spent in ten minutes, when the
-- wall clock was set back by an hour meanwhile, too.
local failing, limiting = profile.failing, profile.limiting
local wait = math.min(50, math.floor(profile.retry_after_cap_s or 50))

scenario "clock/back/backoff-budget" {
  rules  = { "BUDGET-3" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxTotalBackoffMs = "10m" } },
  server = {
    answer { failing, step_clock = { by = "-1h", after = "200ms" } },
    rest(answer { failing }),
  },
  expect = "policy",
  clock  = "jump",
  limit  = "3h",
}

scenario "clock/back/rate-limit-budget" {
  rules  = { "BUDGET-4", "RA-11" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRateLimitMs = "10m" } },
  server = {
    answer { limiting, retry_after = wait, step_clock = { by = "-1h", after = "5s" } },
    rest(answer { limiting, retry_after = wait }),
  },
  expect = "policy",
  clock  = "jump",
  limit  = "3h",
}

-- DELIVER-1: ... and is not spent by a wall clock that was set ahead by a day.
scenario "clock/ahead/backoff-budget" {
  rules  = { "DELIVER-1", "BACK-1" },
  needs  = { "config.maxTotalBackoffMs" },
  given  = { events = 1 },
  server = {
    answer { failing, step_clock = { by = "24h", after = "200ms" } },
    answer { failing, times = 4 },
    answer { 200 },
  },
  expect = "policy",
  clock  = "jump",
  limit  = "3h",
}

scenario "clock/ahead/rate-limit-budget" {
  when   = profile.hears(profile.limiting),
  rules  = { "DELIVER-1", "RA-1" },
  needs  = { "config.maxRateLimitMs" },
  given  = { events = 1 },
  server = {
    answer { limiting, retry_after = wait, step_clock = { by = "24h", after = "5s" } },
    answer { limiting, retry_after = wait, times = 3 },
    answer { 200 },
  },
  expect = "policy",
  clock  = "jump",
  limit  = "3h",
}
