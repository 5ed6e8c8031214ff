-- AUTH-6: Token endpoint: 5xx, 429 (and its Retry-After) and network errors
-- are retried; a refusal (400, 401) is fatal, ends the wait and is reported.
local passing = {
  ["500"]     = answer { 500 },
  ["503"]     = answer { 503 },
  ["429"]     = answer { 429 },
  ["429-for"] = answer { 429, retry_after = 2 },
  reset       = fault "reset",
  close       = fault "close",
}

for name, failure in pairs(passing) do
  scenario("authorization/endpoint/" .. name) {
    when   = profile.oauth,
    rules  = { "AUTH-6", "AUTH-2" },
    given  = { events = 1 },
    server = { answer { 200 }, token = { failure, rest(answer { 200 }) } },
    expect = { attempts = 1, delivered = "all", success = true },
  }
end

scenario "authorization/endpoint/mixed" {
  when   = profile.oauth,
  rules  = { "AUTH-6", "AUTH-2", "AUTH-7" },
  given  = { events = 4, config = { flushAt = 1 } },
  server = { rest(answer { 200 }),
             token = { answer { 500 }, fault "reset", rest(answer { 200 }) } },
  expect = { attempts = 4, delivered = "all", success = true },
}

for _, status in ipairs { 400, 401 } do
  scenario("authorization/endpoint/refused-" .. status) {
    when   = profile.oauth,
    rules  = { "AUTH-6", "DELIVER-4" },
    given  = { events = 1, config = { maxRetries = 5 } },
    server = { rest(answer { 200 }),
               token = rest(answer { status,
                 body = '{"error":"invalid_client"}' }) },
    expect = { attempts = 0, delivered = "none", success = false },
    limit  = "15s",
  }
end

-- What is wrong may be mended: the next batch asks for itself.
scenario "authorization/endpoint/refused-once" {
  when   = profile.oauth,
  rules  = { "AUTH-6", "AUTH-2" },
  given  = { sequences = { { events = 1 }, { events = 1, delay = "1s" } } },
  server = { rest(answer { 200 }),
             token = { answer { 401 }, rest(answer { 200 }) } },
  expect = { attempts = 1, delivered = 1, success = false },
}
