-- BACK-5: A new batch starts the backoff sequence anew.
scenario "backoff/new-batch/after-success" {
  rules  = { "BACK-5" },
  given  = { events = 2, config = { flushAt = 1 } },
  server = { each_batch = { answer { 503, times = 2 }, answer { 200 } } },
  expect = { attempts = 6, delivered = "all" },
}

scenario "backoff/new-batch/after-a-drop" {
  rules  = { "BACK-5", "BUDGET-7" },
  given  = { events = 2, config = { flushAt = 1, maxRetries = 2 } },
  server = {
    with_event = {
      [1] = { rest(answer { 503 }) },
      [2] = { answer { 503 }, answer { 200 } },
    },
  },
  expect = { attempts = 5, delivered = 1 },
}
