-- BACK-4: Two clients failing together do not come back together. Eight fail
-- together four times; before the last three retries jitter spreads their
-- waits over 0.2 s, 0.4 s and 0.8 s.
scenario "backoff/herd" {
  rules  = { "BACK-4", "BACK-1" },
  given  = { clients = 8 },
  server = { each_batch = { answer { 503 } * 4, answer { 200 } } },
  expect = { attempts = 40, delivered = "all", success = true },
}
