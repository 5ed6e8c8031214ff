-- BUDGET-6: Null, negative, NaN and non-numeric limits are refused when the
-- client is made, with a clear error.
local limits = { "maxRetries", "maxRetryAfterMs", "maxTotalBackoffMs", "maxRateLimitMs",
  "backoffBaseMs", "maxBackoffMs", "timeout", "flushAt", "flushInterval", "workers",
  "maxQueueSize", "maxBatchBytes" }

local values = {
  ["null"]     = "null",
  ["negative"] = "-1",
  ["nan"]      = '"NaN"',
}

for _, limit in ipairs(limits) do
  for name, value in pairs(values) do
    scenario(("config/refused/%s/%s"):format(limit:lower(), name)) {
      rules  = { "BUDGET-6" },
      given  = { events = 1, wrong_config = { [limit] = value } },
      server = { answer { 200 } },
      expect = { attempts = 0, delivered = "none", success = false },
    }
  end
end

-- What else is no number, or no whole one: once for all limits.
local junk = {
  ["word"]     = '"many"',
  ["number-as-text"] = '"5"',
  ["true"]     = "true",
  ["list"]     = "[]",
  ["object"]   = "{}",
  ["infinite"] = "1e999",
  ["fraction"] = "1.5",
  ["minus-2-to-the-63"] = "-9223372036854775808",
}

for name, value in pairs(junk) do
  scenario("config/refused/maxretries/" .. name) {
    rules  = { "BUDGET-6" },
    given  = { events = 1, wrong_config = { maxRetries = value } },
    server = { answer { 200 } },
    expect = { attempts = 0, delivered = "none", success = false },
  }
end
