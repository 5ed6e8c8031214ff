-- COUNT-1: A batch's first attempt carries no X-Retry-Count.
scenario "retry-count/first-attempt" {
  rules  = { "COUNT-1" },
  given  = { events = 1 },
  server = { answer { 200 } },
  expect = { attempts = 1 },
}

-- COUNT-2: The n-th retry carries X-Retry-Count: n, in decimal digits only.
scenario "retry-count/grows" {
  rules  = { "COUNT-1", "COUNT-2" },
  given  = { events = 1, config = { maxRetries = 5 } },
  server = { answer { 503, times = 3 }, answer { 200 } },
  expect = { attempts = 4, delivered = "all" },
}

-- COUNT-3: The count goes on across Retry-After waits and network errors.
scenario "retry-count/across-retry-after" {
  rules  = { "COUNT-3" },
  given  = { events = 1 },
  server = {
    answer { 503 },
    answer { 429, retry_after = 1 },
    answer { 503 },
    answer { 200 },
  },
  expect = { attempts = 4, delivered = "all" },
}

scenario "retry-count/across-two-retry-afters" {
  rules  = { "COUNT-3", "RA-4" },
  given  = { events = 1, config = { maxRetries = 1 } },
  server = { answer { 429, retry_after = 1, times = 2 }, answer { 200 } },
  expect = { attempts = 3, delivered = "all" },
}

scenario "retry-count/across-network-errors" {
  rules  = { "COUNT-3", "NET-1" },
  given  = { events = 1 },
  server = { answer { 500 }, fault { "reset" }, fault { "close" }, answer { 200 } },
  expect = { attempts = 4, delivered = "all" },
}

-- COUNT-4: A new batch starts its count anew.
scenario "retry-count/new-batch" {
  rules  = { "COUNT-4", "COUNT-2" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = { each_batch = { answer { 503 }, answer { 200 } } },
  expect = { attempts = 6, delivered = "all" },
}

scenario "retry-count/new-batch-after-a-drop" {
  rules  = { "COUNT-4", "BUDGET-7" },
  given  = { events = 2, config = { flushAt = 1, maxRetries = 1 } },
  server = { with_event = { [1] = { rest(answer { 500 }) } } },
  expect = { attempts = 3, delivered = 1 },
}
