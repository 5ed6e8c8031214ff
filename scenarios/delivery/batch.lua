-- DELIVER-3: All attempts of a batch carry the same events in the same order,
-- with the same messageIds.
local failing = profile.failing

for _, events in ipairs { 2, 10, 50 } do
  scenario("delivery/batch/" .. events .. "-events") {
    rules  = { "DELIVER-3", "DELIVER-1", "COUNT-2" },
    given  = { events = events },
    server = { answer { failing }, answer { 200 } },
    expect = "policy",
  }
end

scenario "delivery/batch/large-events" {
  rules  = { "DELIVER-3", "DELIVER-9" },
  given  = { events = 5, event_bytes = 20000 },
  server = { answer { failing }, answer { 200 } },
  expect = "policy",
}

-- More than an argument of a command can hold: for clients of contract stdio.
scenario "delivery/batch/large-input" {
  rules  = { "DELIVER-3", "DELIVER-9" },
  given  = { events = 40, event_bytes = 10000 },
  server = { answer { failing }, answer { 200 } },
  expect = "policy",
}
