-- BACK-2: A backoff never exceeds 60 s, jitter included. The cap is shortened
-- here; the 60 s themselves take a clock that jumps.
local failing = profile.failing
-- Where the default would be too few to see it.
local enough = (profile.retries_default or 4) < 4 and profile.retries_as(4) or nil

-- The law is to reach it with the fourth retry.
local fourth = profile.backoff(4) or { most = 2 }
local cap_ms = math.min(1000, math.max(1, fourth.most * 500 // 1 | 0))

scenario "backoff/cap/1s" {
  rules  = { "BACK-2" },
  given  = { events = 1, config = { maxBackoffMs = cap_ms, maxRetries = enough } },
  server = { answer { failing, times = 4 }, answer { 200 } },
  expect = "policy",
}

-- The tenth would be 25 s, with a law that knows no cap.
scenario "backoff/cap/tenth-retry" {
  rules  = { "BACK-2" },
  given  = {
    events = 1,
    config = { maxRetries = 10, backoffBaseMs = 50, maxBackoffMs = 200 },
  },
  server = { answer { failing, times = 10 }, answer { 200 } },
  expect = "policy",
}

scenario "backoff/cap/after-network-errors" {
  when   = profile.retries_network,
  rules  = { "BACK-2", "NET-1" },
  given  = {
    events = 1,
    config = { maxRetries = 6, backoffBaseMs = 200, maxBackoffMs = 400 },
  },
  server = { fault { "close", times = 3 }, fault { "reset", times = 3 }, answer { 200 } },
  expect = "policy",
}
