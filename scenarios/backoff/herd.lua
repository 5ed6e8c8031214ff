-- BACK-4: Two clients failing together do not come back together. Sixteen fail
-- together four times; before the last three retries jitter spreads their
-- waits over 0.2 s, 0.4 s and 0.8 s. The answers to their first attempts are 10 ms
-- apart, so that a machine which stops for a moment cannot make a herd of
-- right clients: it would bring them back together after waits that differ.
-- (A client that backs off from a second on may wait half a minute in all.)
scenario "backoff/herd" {
  rules  = { "BACK-4", "BACK-1" },
  limit  = "1m",
  given  = { clients = 16 },
  server = { decide = function(request)
    if request.nth == 1 then
      return answer { 503, delay = ("%dms"):format(10 * (request.events[1] or 1)) }
    end
    return answer { request.nth <= 4 and 503 or 200 }
  end },
  expect = { attempts = 80, delivered = "all", success = true },
}
