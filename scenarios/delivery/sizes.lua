-- DELIVER-8: An event over 32 KB is refused and reported; no batch exceeds
-- 475,000 bytes.
scenario "delivery/sizes/one-event-too-large" {
  rules  = { "DELIVER-8" },
  needs  = { "reports-failure" },
  given  = { events = 1, event_bytes = 40000 },
  server = { answer { 200 } },
  expect = { attempts = 0, success = false },
}

-- The others still go out, from the same batch too.
for place, event in pairs { first = 1, middle = 2, last = 3 } do
  scenario("delivery/sizes/too-large-" .. place .. "-of-three") {
    rules  = { "DELIVER-8", "DELIVER-1" },
    needs  = { "reports-failure" },
    given  = { events = 3, event_bytes = { [event] = 40000 } },
    server = { answer { 503 }, rest(answer { 200 }) },
    expect = { delivered = 2, success = false },
  }
end

-- Ten events of 10,000 bytes: three of them fit.
scenario "delivery/sizes/batch-shortened" {
  rules  = { "DELIVER-8", "DELIVER-1" },
  given  = { events = 10, event_bytes = 10000, config = { maxBatchBytes = 36000 } },
  server = { rest(answer { 200 }) },
  expect = { attempts = { 4, 10 }, delivered = "all", success = true },
}
