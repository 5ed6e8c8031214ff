-- BACK-2: A backoff never exceeds 60 s, jitter included. The cap is shortened
-- here; the 60 s themselves take a clock that jumps.
scenario "backoff/cap/1s" {
  rules  = { "BACK-2" },
  given  = { events = 1, config = { maxBackoffMs = 1000 } },
  server = { answer { 503, times = 4 }, answer { 200 } },
  expect = { attempts = 5, delivered = "all", success = true },
}

-- The tenth would be 25 s, with a law that knows no cap.
scenario "backoff/cap/tenth-retry" {
  rules  = { "BACK-2" },
  given  = {
    events = 1,
    config = { maxRetries = 10, backoffBaseMs = 50, maxBackoffMs = 200 },
  },
  server = { answer { 503, times = 10 }, answer { 200 } },
  expect = { attempts = 11, delivered = "all", success = true },
}

scenario "backoff/cap/after-network-errors" {
  rules  = { "BACK-2", "NET-1" },
  given  = {
    events = 1,
    config = { maxRetries = 6, backoffBaseMs = 200, maxBackoffMs = 400 },
  },
  server = { fault { "close", times = 3 }, fault { "reset", times = 3 }, answer { 200 } },
  expect = { attempts = 7, delivered = "all", success = true },
}
