-- COUNT-3: The count goes on across causes; it never restarts within a batch.
scenario "sequences/every-kind-of-failure" {
  rules  = { "COUNT-3", "BACK-1", "RA-1" },
  given  = { events = 1, config = { maxRetries = 8 } },
  server = {
    answer { 500 },
    fault { "reset" },
    answer { 429, retry_after = 1 },
    answer { 408 },
    answer { 200 },
  },
  expect = { attempts = 5, delivered = "all", success = true },
}

scenario "sequences/retryable-then-dropped" {
  rules  = { "STATUS-3", "STATUS-4" },
  given  = { events = 1 },
  server = { answer { 503 }, rest(answer { 400 }) },
  expect = { attempts = 2, delivered = "none" },
}

scenario "sequences/retryable-then-redirect" {
  rules  = { "STATUS-1", "STATUS-4" },
  given  = { events = 1 },
  server = { answer { 500 }, answer { 302 } },
  expect = { attempts = 2 },
}

-- What comes is drawn from the seed; what is right follows from the record.
local statuses = {
  400, 404, 408, 410, 413, 422, 429, 460, 500, 501, 502, 503, 504, 505,
}

local fates = {
  function() return answer { statuses[random(1, #statuses)] } end,
  function() return answer { statuses[random(1, #statuses)] } end,
  function() return answer { 429, retry_after = 1 } end,
  function() return fault { "reset" } end,
  function() return fault { "close" } end,
}

for number = 1, 12 do
  local steps = {}
  for _ = 1, 3 do
    steps[#steps + 1] = fates[random(1, #fates)]()
  end
  steps[#steps + 1] = answer { 200 }
  scenario("sequences/drawn/" .. number) {
    rules  = { "AUTH-1", "COUNT-1", "DELIVER-9" },
    given  = { events = 2, config = { maxRetries = 4 } },
    server = steps,
  }
end
