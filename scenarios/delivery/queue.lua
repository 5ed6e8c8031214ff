-- DELIVER-7: A full queue is reported, never silent. The server holds its first
-- answers, so that events come in faster than they go out.
scenario "delivery/queue/full" {
  rules  = { "DELIVER-7" },
  needs  = { "reports-failure" },
  given  = { events = 20, config = { flushAt = 1, maxQueueSize = 3 } },
  server = { answer { 200, delay = "500ms", times = 2 }, rest(answer { 200 }) },
}

scenario "delivery/queue/full-while-retrying" {
  rules  = { "DELIVER-7", "BACK-1" },
  needs  = { "reports-failure" },
  given  = {
    sequences = { { events = 1 }, { events = 20, delay = "200ms" } },
    config    = { flushAt = 1, maxQueueSize = 3 },
  },
  server = { answer { profile.failing }, rest(answer { 200 }) },
}

-- RA-13: the queue is full when the answer comes that sends its batch to wait.
-- Who puts it back into the queue has no room for it.
scenario "delivery/queue/full-while-rate-limited" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-13", "DELIVER-1", "DELIVER-7" },
  needs  = { "reports-failure" },
  given  = {
    sequences = { { events = 1 }, { events = 3, delay = "500ms" } },
    config    = { flushAt = 1, maxQueueSize = 3 },
  },
  server = {
    answer { profile.limiting, retry_after = 1, delay = "1200ms" },
    rest(answer { 200 }),
  },
}
