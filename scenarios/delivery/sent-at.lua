-- DELIVER-10: sentAt is renewed on each attempt. Not every SDK sends it.
scenario "delivery/sent-at/retries" {
  rules  = { "DELIVER-10", "DELIVER-3" },
  needs  = { "sent-at" },
  given  = { events = 2 },
  server = { answer { 503 } * 2, answer { 200 } },
  expect = { attempts = 3, delivered = "all", success = true },
}

scenario "delivery/sent-at/after-retry-after" {
  rules  = { "DELIVER-10", "RA-1" },
  needs  = { "sent-at" },
  given  = { events = 2 },
  server = { answer { 429, retry_after = 2 }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}
