-- RA-12: A success ends the rate-limited state.
local limiting = profile.limiting

scenario "retry-after/ends/next-batches-at-once" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-12" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = { with_event = { [1] = { answer { limiting, retry_after = 2 }, answer { 200 } } } },
  expect = "policy",
}

scenario "retry-after/ends/later-events" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-12" },
  given  = {
    sequences = { { events = 1 }, { delay = "2500ms", events = 1 } },
    config = { flushAt = 1 },
  },
  server = { with_event = { [1] = { answer { limiting, retry_after = 1 }, answer { 200 } } } },
  expect = "policy",
}

-- DELIVER-1: nothing is lost while rate-limited.
scenario "retry-after/ends/nothing-lost" {
  when   = profile.hears(profile.limiting),
  rules  = { "DELIVER-1", "RA-1" },
  given  = { events = 5, config = { flushAt = 1 } },
  server = { with_event = { [2] = { answer { limiting, retry_after = 1 }, answer { 200 } } } },
  expect = "policy",
}
