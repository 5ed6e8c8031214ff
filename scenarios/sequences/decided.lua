-- COUNT-2, as the server of a rate-limited account would play it: every batch
-- is refused until it has been tried three times.
local most = profile.attempt_first == "one" and 3 or 2

scenario "sequences/decided-while-serving" {
  rules  = { "COUNT-2", "BACK-1" },
  given  = { events = 2, config = { flushAt = 1 } },
  server = {
    decide = function(request, memory)
      memory.seen = (memory.seen or 0) + 1
      if request.nth < 3 then
        return answer { profile.failing }
      end
      return answer { 200 }
    end,
  },
  expect = profile.retries_default and profile.retries(profile.failing)
    and { attempts = 6, delivered = "all", success = true } or nil,
  check  = function(record)
    for _, attempt in ipairs(record.attempts) do
      if attempt.retry_count and attempt.retry_count > most then
        fail(attempt, "no batch needs more than two retries here")
      end
    end
  end,
}
