-- COUNT-3: The count goes on across causes; it never restarts within a batch.
local failing, refusing = profile.failing, profile.refusing

scenario "sequences/every-kind-of-failure" {
  when   = profile.retries_network and profile.hears(profile.limiting),
  rules  = { "COUNT-3", "BACK-1", "RA-1" },
  given  = { events = 1, config = { maxRetries = 8 } },
  server = {
    answer { failing },
    fault { "reset" },
    answer { profile.limiting, retry_after = 1 },
    answer { profile.retries(408) and 408 or failing },
    answer { 200 },
  },
  expect = "policy",
}

scenario "sequences/retryable-then-dropped" {
  when   = profile.drops(refusing),
  rules  = { profile.rule(refusing), profile.rule(failing) },
  given  = { events = 1 },
  server = { answer { failing }, rest(answer { refusing }) },
  expect = "policy",
}

scenario "sequences/retryable-then-redirect" {
  rules  = { profile.rule(302),
             profile.rule(failing) ~= profile.rule(302) and profile.rule(failing) },
  given  = { events = 1 },
  server = { answer { failing }, answer { 302 } },
  expect = "policy",
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
