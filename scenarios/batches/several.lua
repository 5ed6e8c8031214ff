-- DELIVER-1: Every event is delivered at least once if the server accepts
-- within the budget.
local failing = profile.failing

scenario "batches/several/ten-of-one" {
  rules  = { "DELIVER-1", "COUNT-1" },
  given  = { events = 10, config = { flushAt = 1 } },
  server = { rest(answer { 200 }) },
  expect = "policy",
}

scenario "batches/several/three-of-five" {
  rules  = { "DELIVER-1", "DELIVER-3" },
  given  = { events = 15, config = { flushAt = 5 } },
  server = { each_batch = { answer { failing }, answer { 200 } } },
  expect = "policy",
}

scenario "batches/several/later-sequence" {
  rules  = { "DELIVER-1", "COUNT-4" },
  given  = {
    sequences = { { events = 2 }, { delay = "800ms", events = 2 } },
    config = { flushAt = 2 },
  },
  server = { each_batch = { answer { failing }, answer { 200 } } },
  expect = "policy",
}

scenario "batches/several/different-fates" {
  when   = profile.drops(profile.refusing) and profile.retries_network,
  rules  = { "DELIVER-5", "BUDGET-7" },
  given  = { events = 4, config = { flushAt = 1, maxRetries = profile.retries_as(1) } },
  server = {
    with_event = {
      [1] = { answer { failing }, answer { 200 } },
      [2] = { rest(answer { profile.refusing }) },
      [3] = { rest(answer { failing }) },
      [4] = { fault { "reset" }, answer { 200 } },
    },
  },
  expect = "policy",
}
