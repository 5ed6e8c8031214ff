-- DELIVER-10: sentAt is renewed on each attempt. Not every SDK sends it.
-- The coarsest stamp, a second, must have moved on before the retry. It is the
-- server that sees to that: a right client's first waits may be shorter.
scenario "delivery/sent-at/retries" {
  rules  = { "DELIVER-10", "DELIVER-3" },
  needs  = { "sent-at" },
  given  = { events = 2 },
  server = { answer { 503, delay = "1200ms" }, answer { 503 }, answer { 200 } },
  expect = { attempts = 3, delivered = "all", success = true },
}

scenario "delivery/sent-at/after-retry-after" {
  rules  = { "DELIVER-10", "RA-1" },
  needs  = { "sent-at" },
  given  = { events = 2 },
  server = { answer { 429, retry_after = 2 }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}
