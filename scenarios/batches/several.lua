-- DELIVER-1: Every event is delivered at least once if the server accepts
-- within the budget.
scenario "batches/several/ten-of-one" {
  rules  = { "DELIVER-1", "COUNT-1" },
  given  = { events = 10, config = { flushAt = 1 } },
  server = { rest(answer { 200 }) },
  expect = { attempts = 10, delivered = "all", success = true },
}

scenario "batches/several/three-of-five" {
  rules  = { "DELIVER-1", "DELIVER-3" },
  given  = { events = 15, config = { flushAt = 5 } },
  server = { each_batch = { answer { 500 }, answer { 200 } } },
  expect = { attempts = 6, delivered = "all", success = true },
}

scenario "batches/several/later-sequence" {
  rules  = { "DELIVER-1", "COUNT-4" },
  given  = {
    sequences = { { events = 2 }, { delay = "800ms", events = 2 } },
    config = { flushAt = 2 },
  },
  server = { each_batch = { answer { 502 }, answer { 200 } } },
  expect = { attempts = 4, delivered = "all", success = true },
}

scenario "batches/several/different-fates" {
  rules  = { "DELIVER-5", "BUDGET-7" },
  given  = { events = 4, config = { flushAt = 1, maxRetries = 1 } },
  server = {
    with_event = {
      [1] = { answer { 503 }, answer { 200 } },
      [2] = { rest(answer { 400 }) },
      [3] = { rest(answer { 500 }) },
      [4] = { fault { "reset" }, answer { 200 } },
    },
  },
  expect = { attempts = 7, delivered = 2 },
}
