-- BACK-3: Backoff has jitter: many samples spread over the window.
--
-- 128 batches of two clients fail four times each; that makes 512 waits, a
-- quarter of them in a window of 0.8 s. The answers to the first attempts are
-- 5 ms apart, so that a machine which stops for a moment cannot pass for a
-- client that has no jitter.
local failing = profile.failing
-- Where the default would be too few to see it.
local enough = (profile.retries_default or 4) < 4 and profile.retries_as(4) or nil

local waited = (profile.waits(4) or { most = 0 }).most

scenario "backoff/jitter" {
  when   = profile.retry_quota == nil, -- it ends so many retries
  rules  = { "BACK-3" },
  given  = {
    clients = 2,
    events = 128,
    config = { flushAt = 1, workers = 64, maxRetries = enough },
  },
  server = { decide = function(request)
    if request.nth == 1 then
      return answer { failing, delay = ("%dms"):format(5 * (request.events[1] or 1)) }
    end
    return answer { request.nth <= 4 and failing or 200 }
  end },
  limit  = ("%ds"):format(math.min(3600, math.max(30, 20 + 2 * waited)) // 1 | 0),
  -- A quota of all retries may be spent before.
  expect = profile.retries_default and profile.retries(failing)
      and not profile.retry_quota and {
    attempts = 640, delivered = "all", success = true,
  } or nil,
}
