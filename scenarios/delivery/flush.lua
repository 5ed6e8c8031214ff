-- DELIVER-6: flush returns when every event is delivered or dropped, not
-- before: also when what it waits for is a batch that is out for its retry,
-- and however that one ends.
scenario "delivery/flush/a-batch-is-out" {
  rules  = { "DELIVER-6", "DELIVER-1" },
  given  = { events = 1 },
  server = { answer { 503 } * 2, answer { 200 } },
  expect = { attempts = 3, delivered = "all", success = true },
}

scenario "delivery/flush/after-a-retry-after" {
  rules  = { "DELIVER-6", "RA-13" },
  given  = { events = 2 },
  server = { answer { 429, retry_after = 1 }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}

scenario "delivery/flush/until-it-is-dropped" {
  rules  = { "DELIVER-6", "DELIVER-4" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRetries = 2 } },
  server = rest(answer { 503 }),
  expect = { attempts = 3, delivered = "none", success = false },
}

-- The first batch ends at once; the flush waits for the second all the same.
scenario "delivery/flush/one-of-two" {
  rules  = { "DELIVER-6", "DELIVER-1" },
  given  = { events = 2, config = { flushAt = 1 } },
  server = { with_event = { [2] = { answer { 500 }, answer { 200 } } } },
  expect = { attempts = 3, delivered = "all", success = true },
}

scenario "delivery/flush/no-answer" {
  rules  = { "DELIVER-6", "NET-1" },
  given  = { events = 1, config = { timeout = "1s" } },
  server = { hang {}, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}
