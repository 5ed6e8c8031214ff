-- BUDGET-7: A spent budget reports the batch as failed, and the next batch is
-- still attempted.
for name, step in pairs { ["503"] = answer { 503 }, ["close"] = fault { "close" } } do
  scenario("budgets/next-batch/" .. name) {
    rules  = { "BUDGET-7", "DELIVER-4" },
    needs  = { "reports-failure" },
    given  = { events = 2, config = { flushAt = 1, maxRetries = 1 } },
    server = { with_event = { [1] = { rest(step) } } },
    expect = { attempts = 3, delivered = 1, success = false },
  }
end

scenario "budgets/next-batch/middle-of-three" {
  rules  = { "BUDGET-7", "COUNT-4" },
  needs  = { "reports-failure" },
  given  = { events = 3, config = { flushAt = 1, maxRetries = 1 } },
  server = { with_event = { [2] = { rest(answer { 500 }) } } },
  expect = { attempts = 4, delivered = 2, success = false },
}
