-- BACK-2: A backoff never exceeds 60 s, jitter included: the published cap, and
-- the law on its way there.
local failing = profile.failing

scenario "backoff/long/cap" {
  rules  = { "BACK-1", "BACK-2" },
  given  = { events = 1, config = { maxRetries = 15 } },
  server = { answer { failing, times = 12 }, answer { 200 } },
  expect = "policy",
  clock  = "jump",
  limit  = "3h",
}

scenario "backoff/long/cap-after-network-errors" {
  when   = profile.retries_network,
  rules  = { "BACK-2", "NET-1" },
  given  = { events = 1, config = { maxRetries = 15 } },
  server = { fault { "reset", times = 6 }, fault { "close", times = 6 }, answer { 200 } },
  expect = "policy",
  clock  = "jump",
  limit  = "3h",
}
