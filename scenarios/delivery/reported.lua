-- DELIVER-4: A dropped event is reported: success: false with a non-empty
-- error.
for _, status in ipairs { 400, 401, 404, 413 } do
  scenario("delivery/reported/" .. status) {
    rules  = { "DELIVER-4" },
    needs  = { "reports-failure" },
    given  = { events = 1 },
    server = { rest(answer { status }) },
    expect = { delivered = "none", success = false },
  }
end

scenario "delivery/reported/one-of-three" {
  rules  = { "DELIVER-4", "DELIVER-5" },
  needs  = { "reports-failure" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = { with_event = { [2] = { rest(answer { 400 }) } } },
  expect = { attempts = 3, delivered = 2, success = false },
}
