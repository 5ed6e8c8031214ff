-- BUDGET-5: The defaults are 1000 retries, 43,200 s of counted retrying and
-- 43,200 s of being rate-limited.
--
-- Whoever retries for the whole of it is seen to end, and in time.
local failing = profile.failing
local cap = math.floor(profile.retry_after_cap_s or 300)

scenario "budgets/long/backoff" {
  rules  = { "BUDGET-5", "BACK-2", "DELIVER-4" },
  when   = profile.max_total_backoff_s ~= nil,
  needs  = { "config.maxTotalBackoffMs", "reports-failure" },
  given  = { events = 1, config = { maxRetries = 10000 } },
  server = rest(answer { failing }),
  expect = "policy",
  clock  = "jump",
  limit  = "30h",
}

-- RA-11: Endless 429 with Retry-After ends: by this duration, or by a bound on
-- attempts that comes before it.
scenario "budgets/long/rate-limit" {
  rules  = { "RA-11", "DELIVER-4" },
  when   = profile.max_rate_limit_s ~= nil,
  needs  = { "config.maxRateLimitMs", "reports-failure" },
  given  = { events = 1 },
  server = rest(answer { 429, retry_after = cap }),
  expect = "policy",
  clock  = "jump",
  limit  = "30h",
}

-- At most half a minute apart, so that the thousandth comes before the 43,200 s
-- are over.
scenario "budgets/long/retries" {
  rules  = { "BUDGET-5" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxBackoffMs = 30000 } },
  server = rest(answer { failing }),
  expect = "policy",
  clock  = "jump",
  limit  = "30h",
}

-- BUDGET-3, BUDGET-4: and so do durations of hours that were asked for.
scenario "budgets/long/backoff-6h" {
  rules  = { "BUDGET-3" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRetries = 10000, maxTotalBackoffMs = "6h" } },
  server = rest(answer { failing }),
  expect = "policy",
  clock  = "jump",
  limit  = "30h",
}

scenario "budgets/long/rate-limit-6h" {
  rules  = { "BUDGET-4", "RA-11" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRateLimitMs = "6h" } },
  server = rest(answer { 429, retry_after = cap }),
  expect = "policy",
  clock  = "jump",
  limit  = "30h",
}

-- DELIVER-1: an outage that is nearly as long as the budget is within it: there
-- is time for a retry after it, and for one more.
local budget = profile.max_total_backoff_s or 0
local outage = budget - math.max(budget / 12, 3 * (profile.backoff_cap_s or 0))

scenario "budgets/long/outage" {
  when   = outage > 0 and profile.backoff(1) ~= nil,
  rules  = { "BUDGET-5", "DELIVER-1" },
  needs  = { "config.maxTotalBackoffMs" },
  given  = { events = 1, config = { maxRetries = 10000 } },
  server = { decide = function(request)
    return answer { request.at < outage and failing or 200 }
  end },
  expect = profile.retries(failing)
    and { delivered = "all", success = true } or nil,
  clock  = "jump",
  limit  = "30h",
}
