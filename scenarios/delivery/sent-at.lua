-- DELIVER-10: sentAt is renewed on each attempt. Not every SDK sends it.
-- The coarsest stamp, a second, must have moved on before the retry. It is the
-- server that sees to that: a right client's first waits may be shorter.
local failing = profile.failing

scenario "delivery/sent-at/retries" {
  rules  = { "DELIVER-10", "DELIVER-3" },
  needs  = { "sent-at" },
  given  = { events = 2 },
  server = { answer { failing, delay = "1200ms" }, answer { failing }, answer { 200 } },
  expect = "policy",
}

scenario "delivery/sent-at/after-retry-after" {
  when   = profile.hears(profile.limiting),
  rules  = { "DELIVER-10", "RA-1" },
  needs  = { "sent-at" },
  given  = { events = 2 },
  server = { answer { profile.limiting, retry_after = 2 }, answer { 200 } },
  expect = "policy",
}
