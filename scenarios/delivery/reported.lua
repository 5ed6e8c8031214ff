-- DELIVER-4: A dropped event is reported: success: false with a non-empty
-- error.
for _, status in ipairs { 400, 401, 404, 413 } do
  scenario("delivery/reported/" .. status) {
    when   = profile.drops(status),
    rules  = { "DELIVER-4" },
    needs  = { "reports-failure" },
    given  = { events = 1 },
    server = { rest(answer { status }) },
    expect = "policy",
  }
end

scenario "delivery/reported/one-of-three" {
  when   = profile.drops(profile.refusing),
  rules  = { "DELIVER-4", "DELIVER-5" },
  needs  = { "reports-failure" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = { with_event = { [2] = { rest(answer { profile.refusing }) } } },
  expect = "policy",
}
