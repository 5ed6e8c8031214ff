-- What expect = "policy" becomes: the numbers of a right client.
local steps = {
  ["delivered"]   = { answer { 200 } },
  ["retried"]     = { answer { profile.failing } * 2, answer { 200 } },
  ["dropped"]     = { rest(answer { profile.refusing }) },
  ["then-dropped"] = { answer { profile.failing }, rest(answer { 400 }) },
  ["asked"]       = { answer { profile.limiting, retry_after = 3 }, answer { 200 } },
  ["asked-twice"] = { answer { profile.limiting, retry_after = 3 } * 2,
    rest(answer { profile.failing }) },
  ["over-the-cap"] = { answer { profile.limiting, retry_after = 301 }, answer { 200 } },
  ["a-date"]      = { answer { 429, retry_after = date { offset = "4m" } }, answer { 200 } },
  ["no-answer"]   = { fault "reset", fault "cut-body", answer { 200 } },
  ["silent"]      = { hang {}, answer { 200 } },
}

for name, list in pairs(steps) do
  scenario("policy/" .. name) {
    rules  = { "DELIVER-1" },
    given  = { events = 2, config = { maxRetries = 2 } },
    server = list,
    expect = "policy",
  }
end

scenario "policy/each-batch" {
  rules  = { "DELIVER-1", profile.rule(410) },
  needs  = { "reports-failure" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = {
    each_batch = { answer { 410 }, answer { 200 } },
    with_event = { [2] = { rest(answer { 501 }) } },
  },
  expect = "policy",
}

-- When a budget of time is over depends on the waits; what is left is certain.
scenario "policy/in-time" {
  rules  = { "BUDGET-3" },
  given  = { events = 1, config = { maxTotalBackoffMs = "1h", maxRetries = 100000 } },
  server = rest(answer { 503 }),
  expect = "policy",
}

scenario "policy/left-out" {
  when   = not profile.retries(503),
  rules  = { "STATUS-5" },
  server = answer { 503 },
}

scenario "policy/of-no-rule" {
  rules  = { false },
  server = answer { 503 },
}
