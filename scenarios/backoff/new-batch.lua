-- BACK-5: A new batch starts the backoff sequence anew.
local failing = profile.failing

scenario "backoff/new-batch/after-success" {
  rules  = { "BACK-5" },
  given  = { events = 2, config = { flushAt = 1 } },
  server = { each_batch = { answer { failing, times = 2 }, answer { 200 } } },
  expect = "policy",
}

scenario "backoff/new-batch/after-a-drop" {
  rules  = { "BACK-5", "BUDGET-7" },
  given  = { events = 2, config = { flushAt = 1, maxRetries = 2 } },
  server = {
    with_event = {
      [1] = { rest(answer { failing }) },
      [2] = { answer { failing }, answer { 200 } },
    },
  },
  expect = "policy",
}
