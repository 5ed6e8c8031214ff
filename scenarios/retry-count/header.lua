-- COUNT-1: A batch's first attempt carries no X-Retry-Count.
local failing = profile.failing

scenario "retry-count/first-attempt" {
  rules  = { "COUNT-1" },
  given  = { events = 1 },
  server = { answer { 200 } },
  expect = "policy",
}

-- COUNT-2: The n-th retry carries X-Retry-Count: n, in decimal digits only.
scenario "retry-count/grows" {
  rules  = { "COUNT-1", "COUNT-2" },
  given  = { events = 1, config = { maxRetries = 5 } },
  server = { answer { failing, times = 3 }, answer { 200 } },
  expect = "policy",
}

-- COUNT-3: The count goes on across Retry-After waits and network errors.
scenario "retry-count/across-retry-after" {
  rules  = { "COUNT-3" },
  given  = { events = 1 },
  server = {
    answer { failing },
    answer { profile.limiting, retry_after = 1 },
    answer { failing },
    answer { 200 },
  },
  expect = "policy",
}

scenario "retry-count/across-two-retry-afters" {
  rules  = { "COUNT-3", "RA-4" },
  given  = { events = 1, config = { maxRetries = profile.retries_as(1) } },
  server = { answer { profile.limiting, retry_after = 1, times = 2 }, answer { 200 } },
  expect = "policy",
}

scenario "retry-count/across-network-errors" {
  when   = profile.retries_network,
  rules  = { "COUNT-3", "NET-1" },
  given  = { events = 1 },
  server = { answer { failing }, fault { "reset" }, fault { "close" }, answer { 200 } },
  expect = "policy",
}

-- COUNT-4: A new batch starts its count anew.
scenario "retry-count/new-batch" {
  rules  = { "COUNT-4", "COUNT-2" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = { each_batch = { answer { failing }, answer { 200 } } },
  expect = "policy",
}

scenario "retry-count/new-batch-after-a-drop" {
  rules  = { "COUNT-4", "BUDGET-7" },
  given  = { events = 2, config = { flushAt = 1, maxRetries = profile.retries_as(1) } },
  server = { with_event = { [1] = { rest(answer { failing }) } } },
  expect = "policy",
}
