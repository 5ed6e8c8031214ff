-- BUDGET-1: maxRetries N allows N counted retries: N + 1 counted attempts.
-- BUDGET-2: maxRetries 0 allows one attempt, for every retryable cause.
local causes = {
  ["408"]      = answer { 408 },
  ["429-bare"] = answer { 429 },
  ["500"]      = answer { 500 },
  ["reset"]    = fault { "reset" },
  ["close"]    = fault { "close" },
}

for cause, step in pairs(causes) do
  for _, retries in ipairs { 0, 1, 3 } do
    scenario("budgets/retries-" .. retries .. "/" .. cause) {
      rules  = { retries == 0 and "BUDGET-2" or "BUDGET-1" },
      given  = { events = 1, config = { maxRetries = retries } },
      server = { rest(step) },
      expect = { attempts = retries + 1, delivered = "none" },
    }
  end
end

scenario "budgets/mixed-causes" {
  rules  = { "BUDGET-1", "COUNT-3" },
  given  = { events = 1, config = { maxRetries = 3 } },
  server = {
    answer { 500 },
    fault { "reset" },
    answer { 429 },
    rest(answer { 408 }),
  },
  expect = { attempts = 4, delivered = "none" },
}

scenario "budgets/last-chance" {
  rules  = { "DELIVER-1", "BACK-1" },
  given  = { events = 1, config = { maxRetries = 2 } },
  server = { answer { 503, times = 2 }, answer { 200 } },
  expect = { attempts = 3, delivered = "all", success = true },
}
