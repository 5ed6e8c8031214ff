-- RA-6: Only the profile's statuses honour Retry-After; on any other it changes
-- nothing.
for _, status in ipairs { 408, 410, 460, 500, 502, 503, 504, 529 } do
  scenario("retry-after/scope/" .. status) {
    when   = profile.retries(status),
    rules  = { profile.hears(status) and "RA-1" or "RA-6" },
    given  = { events = 1 },
    server = { answer { status, retry_after = 4 }, answer { 200 } },
    expect = "policy",
  }
end

scenario "retry-after/scope/200" {
  rules  = { "STATUS-1" },
  given  = { events = 1 },
  server = { answer { 200, retry_after = 5 } },
  expect = "policy",
}

for _, status in ipairs { 301, 400, 413 } do
  scenario("retry-after/scope/" .. status) {
    rules  = { profile.rule(status) },
    given  = { events = 1 },
    server = { rest(answer { status, retry_after = 1 }) },
    expect = "policy",
  }
end
