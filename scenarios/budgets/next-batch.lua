-- BUDGET-7: A spent budget reports the batch as failed, and the next batch is
-- still attempted.
local causes = {
  ["503"]   = answer { profile.failing },
  ["close"] = profile.retries_network and fault { "close" } or nil,
}

for name, step in pairs(causes) do
  scenario("budgets/next-batch/" .. name) {
    rules  = { "BUDGET-7", "DELIVER-4" },
    needs  = { "reports-failure" },
    given  = { events = 2, config = { flushAt = 1, maxRetries = profile.retries_as(1) } },
    server = { with_event = { [1] = { rest(step) } } },
    expect = "policy",
  }
end

scenario "budgets/next-batch/middle-of-three" {
  rules  = { "BUDGET-7", "COUNT-4" },
  needs  = { "reports-failure" },
  given  = { events = 3, config = { flushAt = 1, maxRetries = profile.retries_as(1) } },
  server = { with_event = { [2] = { rest(answer { profile.failing }) } } },
  expect = "policy",
}
