-- BUDGET-1: maxRetries N allows N counted retries: N + 1 counted attempts.
-- BUDGET-2: maxRetries 0 allows one attempt, for every retryable cause.
local statuses = { ["408"] = 408, ["429-bare"] = 429, ["500"] = 500 }
local causes = {}

for cause, status in pairs(statuses) do
  causes[cause] = profile.retries(status) and answer { status } or nil
end
for _, name in ipairs { "reset", "close" } do
  causes[name] = profile.retries_network and fault { name } or nil
end

-- The least that allows a retry.
local one = profile.retries_as(1)

for cause, step in pairs(causes) do
  for _, retries in ipairs { 0, 1, 3 } do
    scenario("budgets/retries-" .. retries .. "/" .. cause) {
      rules  = { retries < one and "BUDGET-2" or "BUDGET-1" },
      given  = { events = 1, config = { maxRetries = retries } },
      server = { rest(step) },
      expect = "policy",
    }
  end
end

local failing = profile.failing

scenario "budgets/mixed-causes" {
  when   = profile.retries_network,
  rules  = { "BUDGET-1", "COUNT-3" },
  given  = { events = 1, config = { maxRetries = 3 } },
  server = {
    answer { failing },
    fault { "reset" },
    answer { profile.limiting },
    rest(answer { failing }),
  },
  expect = "policy",
}

scenario "budgets/last-chance" {
  rules  = { "DELIVER-1", "BACK-1" },
  given  = { events = 1, config = { maxRetries = 2 } },
  server = { answer { failing, times = 2 }, answer { 200 } },
  expect = "policy",
}
