-- DELIVER-6: flush returns when every event is delivered or dropped, not
-- before: also when what it waits for is a batch that is out for its retry,
-- and however that one ends.
local failing = profile.failing

scenario "delivery/flush/a-batch-is-out" {
  rules  = { "DELIVER-6", "DELIVER-1" },
  given  = { events = 1 },
  server = { answer { failing, delay = "150ms" } * 2, answer { 200 } },
  expect = "policy",
}

scenario "delivery/flush/after-a-retry-after" {
  when   = profile.hears(profile.limiting),
  rules  = { "DELIVER-6", "RA-13" },
  given  = { events = 2 },
  server = { answer { profile.limiting, retry_after = 1 }, answer { 200 } },
  expect = "policy",
}

scenario "delivery/flush/until-it-is-dropped" {
  rules  = { "DELIVER-6", "DELIVER-4" },
  needs  = { "reports-failure" },
  given  = { events = 1, config = { maxRetries = profile.retries_as(2) } },
  server = rest(answer { failing, delay = "150ms" }),
  expect = "policy",
}

-- The first batch ends at once; the flush waits for the second all the same.
scenario "delivery/flush/one-of-two" {
  rules  = { "DELIVER-6", "DELIVER-1" },
  given  = { events = 2, config = { flushAt = 1 } },
  server = { with_event = { [2] = { answer { failing, delay = "150ms" } * 2, answer { 200 } } } },
  expect = "policy",
}

scenario "delivery/flush/no-answer" {
  when   = profile.retries_network,
  rules  = { "DELIVER-6", "NET-1" },
  given  = { events = 1, config = { timeout = "1s" } },
  server = { hang {}, answer { 200 } },
  expect = "policy",
}
