-- BACK-2: A backoff never exceeds 60 s, jitter included: the published cap, and
-- the law on its way there.
scenario "backoff/long/cap" {
  rules  = { "BACK-1", "BACK-2" },
  given  = { events = 1, config = { maxRetries = 15 } },
  server = { answer { 503, times = 12 }, answer { 200 } },
  expect = { attempts = 13, delivered = "all", success = true },
  clock  = "jump",
  limit  = "3h",
}

scenario "backoff/long/cap-after-network-errors" {
  rules  = { "BACK-2", "NET-1" },
  given  = { events = 1, config = { maxRetries = 15 } },
  server = { fault { "reset", times = 6 }, fault { "close", times = 6 }, answer { 200 } },
  expect = { attempts = 13, delivered = "all", success = true },
  clock  = "jump",
  limit  = "3h",
}
