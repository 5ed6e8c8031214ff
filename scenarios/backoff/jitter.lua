-- BACK-3: Backoff has jitter: many samples spread over the window.
--
-- 128 batches of two clients fail four times each; that makes 512 waits, a
-- quarter of them in a window of 0.8 s. The answers to the first attempts are
-- 5 ms apart, so that a machine which stops for a moment cannot pass for a
-- client that has no jitter.
scenario "backoff/jitter" {
  rules  = { "BACK-3" },
  given  = {
    clients = 2,
    events = 128,
    config = { flushAt = 1, workers = 64 },
  },
  server = { decide = function(request)
    if request.nth == 1 then
      return answer { 503, delay = ("%dms"):format(5 * (request.events[1] or 1)) }
    end
    return answer { request.nth <= 4 and 503 or 200 }
  end },
  expect = { attempts = 640, delivered = "all", success = true },
}
