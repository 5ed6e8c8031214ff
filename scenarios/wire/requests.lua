-- WIRE-1 to WIRE-8: what every request is on the wire, whatever became of the
-- one before it. (Each other trial looks at it, too.)
local failing = profile.failing

scenario "wire/requests/first-ones" {
  rules  = { "WIRE-1", "WIRE-2", "WIRE-3", "WIRE-4", "WIRE-6", "WIRE-8" },
  given  = { events = 6, config = { flushAt = 2 } },
  server = { rest(answer { 200 }) },
  expect = "policy",
}

scenario "wire/requests/retries" {
  rules  = { "WIRE-1", "WIRE-2", "WIRE-3", "WIRE-4", "WIRE-5", "WIRE-6",
             "WIRE-7" },
  given  = { events = 4 },
  server = { answer { failing }, answer { failing }, answer { 200 } },
  expect = "policy",
}

-- Larger than what one read brings, to an ingest that takes its time.
scenario "wire/requests/large-body" {
  rules  = { "WIRE-5", "WIRE-7" },
  given  = { events = 10, event_bytes = 8000 },
  server = { answer { failing, delay = "100ms" }, answer { 200 } },
  expect = "policy",
}
