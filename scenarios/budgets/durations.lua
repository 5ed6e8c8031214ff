-- BUDGET-3: No attempt starts later than maxTotalBackoffDuration after the
-- first failure; 0 gives up at once.
-- 2.5 s: whether the law starts at 0.5 s or, like node's, at 1 to 2 s, the same
-- attempt is the first one too late, however the jitter falls (node's by less
-- than the second that any SDK may be late, one time in sixteen).
local failing = profile.failing
local free = profile.hears(429) and profile.rate_limited_tries == "free"

scenario "budgets/durations/backoff-2.5s" {
  rules  = { "BUDGET-3" },
  given  = { events = 1, config = { maxTotalBackoffMs = 2500 } },
  server = { answer { failing, times = 5 }, answer { 200 } },
  expect = "policy",
}

scenario "budgets/durations/backoff-0" {
  rules  = { "BUDGET-3" },
  given  = { events = 1, config = { maxTotalBackoffMs = 0 } },
  server = { rest(answer { failing }) },
  expect = { attempts = 1, delivered = "none" },
}

-- BUDGET-4: No attempt starts later than maxRateLimitDuration after the first
-- rate limit.
-- RA-11: Endless 429 with Retry-After ends; the batch is then reported.
scenario "budgets/durations/rate-limit-2.5s" {
  when   = free,
  rules  = { "RA-11", "BUDGET-4", "DELIVER-4" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRateLimitMs = 2500 } },
  server = { rest(answer { 429, retry_after = 1 }) },
  expect = { attempts = { 2, 3 }, delivered = "none", success = false },
  limit  = "8s",
}

-- Counted retries and rate-limited waits have each their own duration, and 0
-- gives up at once whatever the cause.
scenario "budgets/durations/backoff-0-after-a-reset" {
  when   = profile.retries_network,
  rules  = { "BUDGET-3" },
  given  = { events = 1, config = { maxTotalBackoffMs = 0 } },
  server = { rest(fault "reset") },
  expect = { attempts = 1, delivered = "none" },
}

scenario "budgets/durations/rate-limit-0" {
  when   = free,
  rules  = { "BUDGET-4" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRateLimitMs = 0 } },
  server = { rest(answer { 429, retry_after = 1 }) },
  expect = { attempts = 1, delivered = "none", success = false },
}

-- The wait that was asked for ends after the duration: no attempt is left.
scenario "budgets/durations/wait-outlasts-rate-limit" {
  when   = free,
  rules  = { "BUDGET-4" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRateLimitMs = 1000 } },
  server = { answer { 429, retry_after = 3 }, answer { 200 } },
  expect = { attempts = 1, delivered = "none", success = false },
}

scenario "budgets/durations/next-batch" {
  rules  = { "BUDGET-3" },
  needs  = { "reports-failure" },
  given  = { events = 2, config = { flushAt = 1, maxTotalBackoffMs = 0 } },
  server = { with_event = { [1] = { rest(answer { failing }) } } },
  expect = { attempts = 2, delivered = 1, success = false },
}
