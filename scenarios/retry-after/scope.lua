-- RA-6: Only the profile's statuses honour Retry-After (429); on any other it
-- changes nothing.
for _, status in ipairs { 408, 410, 460, 500, 502, 503, 504, 529 } do
  scenario("retry-after/scope/" .. status) {
    rules  = { "RA-6" },
    given  = { events = 1 },
    server = { answer { status, retry_after = 4 }, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

scenario "retry-after/scope/200" {
  rules  = { "STATUS-1" },
  given  = { events = 1 },
  server = { answer { 200, retry_after = 5 } },
  expect = { attempts = 1, delivered = "all", success = true },
}

for _, status in ipairs { 301, 400, 413 } do
  scenario("retry-after/scope/" .. status) {
    rules  = { status < 400 and "STATUS-1" or "STATUS-3" },
    given  = { events = 1 },
    server = { rest(answer { status, retry_after = 1 }) },
    expect = { attempts = 1 },
  }
end
