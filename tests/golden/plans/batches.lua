-- Steps of their own for each batch, and for the batch that holds an event.
scenario "batches/poisoned" {
  rules  = { "DELIVER-5", "BUDGET-7" },
  given  = { events = 4, config = { flushAt = 1 } },
  server = {
    answer { 200 },
    each_batch = { answer { 503 }, answer { 200 } },
    with_event = {
      [3] = rest(answer { 400 }),
      [2] = { fault "reset", answer { 200 } },
    },
  },
  expect = { attempts = 8, delivered = 3 },
}

-- The same, said of the route by its name.
scenario "batches/ingest" {
  rules  = { "DELIVER-5" },
  given  = { events = 2, config = { flushAt = 1 } },
  server = { ingest = { each_batch = { answer { 503 }, answer { 200 } } } },
  expect = { delivered = { 1, 2 } },
}
