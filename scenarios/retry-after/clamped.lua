-- RA-3: A Retry-After over the cap (300 s) is taken as the cap. The cap is
-- shortened here; what it stands at by default is watched below.
for _, seconds in ipairs { 3, 301, 86400, 2147483647 } do
  scenario("retry-after/clamped/" .. seconds) {
    rules  = { "RA-3" },
    given  = { events = 1, config = { maxRetryAfterMs = 1000 } },
    server = { answer { 429, retry_after = seconds }, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

scenario "retry-after/clamped/default-watched" {
  rules   = { "RA-1" },
  given   = { events = 1 },
  server  = { answer { 429, retry_after = 301 }, answer { 200 } },
  observe = "2s",
}

-- A date, too, asks for no more than the cap of whoever honours dates. It is near
-- enough for one who waits for it to be seen to come.
scenario "retry-after/clamped/date" {
  rules  = { "RA-3" },
  given  = { events = 1, config = { maxRetryAfterMs = 3000 } },
  server = { answer { 429, retry_after = date { offset = "9s" } }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}
