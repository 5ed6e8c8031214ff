-- RA-13: Nothing is lost while rate-limited: the waiting batch and later events
-- are all delivered, in order.
local limiting = profile.limiting

scenario "retry-after/kept/later-events" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-13", "DELIVER-1" },
  given  = {
    sequences = { { events = 3 }, { events = 3, delay = "500ms" }, { events = 3, delay = "500ms" } },
  },
  server = { answer { limiting, retry_after = 2 }, rest(answer { 200 }) },
  expect = "policy",
}

scenario "retry-after/kept/again-and-again" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-13", "RA-4" },
  given  = {
    sequences = { { events = 1 }, { events = 1, delay = "500ms" } },
    config    = { flushAt = 1, maxRetries = 1 },
  },
  server = { answer { limiting, retry_after = 1, times = 3 }, rest(answer { 200 }) },
  expect = "policy",
}

-- One worker, so there is an order: the batch that waits comes first. The
-- answer comes when all others are queued behind it.
scenario "retry-after/kept/in-order" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-13", "RA-5" },
  given  = { events = 5, config = { flushAt = 1, workers = 1 } },
  server = { with_event = { [2] = {
    answer { limiting, retry_after = 1, delay = "500ms" }, answer { 200 },
  } } },
  expect = "policy",
}
