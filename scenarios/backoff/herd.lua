-- BACK-4: Two clients failing together do not come back together. Sixteen fail
-- together four times; before the last three retries jitter spreads their
-- waits over 0.2 s, 0.4 s and 0.8 s. The answers to their first attempts are 10 ms
-- apart, so that a machine which stops for a moment cannot make a herd of
-- right clients: it would bring them back together after waits that differ.
-- (A client that backs off from a second on may wait half a minute in all.)
local failing = profile.failing
-- So often that three windows are wide enough to tell clients apart.
local failures, wide, waited = profile.backoff(1) and 0 or 4, 0, 0
while failures < 8 and wide < 3 and profile.backoff(1) do
  failures = failures + 1
  local span = profile.backoff(failures)
  waited = waited + span.most
  wide = wide + (span.most - span.least >= 0.15 and 1 or 0)
end
-- Where the default would be too few to see it.
local enough = (profile.retries_default or failures) < failures
  and profile.retries_as(failures) or nil

scenario "backoff/herd" {
  rules  = { "BACK-4", "BACK-1" },
  limit  = ("%ds"):format(math.min(3600, math.max(60, 30 + 2 * waited)) // 1 | 0),
  given  = { clients = 16, config = { maxRetries = enough } },
  server = { decide = function(request)
    if request.nth == 1 then
      return answer { failing, delay = ("%dms"):format(10 * (request.events[1] or 1)) }
    end
    return answer { request.nth <= failures and failing or 200 }
  end },
  expect = profile.retries_default and profile.retries(failing) and {
    attempts = 16 * (failures + 1), delivered = "all", success = true,
  } or nil,
}
