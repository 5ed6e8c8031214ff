-- DELIVER-8: An event over the profile's bound is refused and reported; no batch
-- exceeds its own.
local largest = math.floor(profile.event_bytes_max or 0)
local bounded = profile.event_bytes_max ~= nil and largest < 400000
local too_large = bounded and largest + 7232 or 1

scenario "delivery/sizes/one-event-too-large" {
  when   = bounded,
  rules  = { "DELIVER-8" },
  needs  = { "reports-failure" },
  given  = { events = 1, event_bytes = too_large },
  server = { answer { 200 } },
  expect = { attempts = 0, success = false },
}

-- The others still go out, from the same batch too.
for place, event in pairs { first = 1, middle = 2, last = 3 } do
  scenario("delivery/sizes/too-large-" .. place .. "-of-three") {
    when   = bounded,
    rules  = { "DELIVER-8", "DELIVER-1" },
    needs  = { "reports-failure" },
    given  = { events = 3, event_bytes = { [event] = too_large } },
    server = { answer { profile.failing }, rest(answer { 200 }) },
    expect = profile.retries(profile.failing)
      and { delivered = 2, success = false } or nil,
  }
end

-- Ten events of 10,000 bytes: three of them fit.
scenario "delivery/sizes/batch-shortened" {
  rules  = { "DELIVER-8", "DELIVER-1" },
  given  = { events = 10, event_bytes = 10000, config = { maxBatchBytes = 36000 } },
  server = { rest(answer { 200 }) },
  expect = { attempts = { 4, 10 }, delivered = "all", success = true },
}
