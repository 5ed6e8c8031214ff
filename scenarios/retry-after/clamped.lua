-- RA-3: A Retry-After over the cap is taken as the profile says. The cap is
-- shortened here; what it stands at by default is watched below.
local limiting = profile.limiting
local cap = math.floor(profile.retry_after_cap_s or 300)
local clamps = profile.retry_after_over_cap == "clamp"


for _, seconds in ipairs { 3, 301, 86400, 2147483647 } do
  scenario("retry-after/clamped/" .. seconds) {
    rules  = { "RA-3" },
    given  = { events = 1, config = { maxRetryAfterMs = 1000 } },
    server = { answer { limiting, retry_after = seconds }, answer { 200 } },
    expect = "policy",
  }
end

scenario "retry-after/clamped/default-watched" {
  when    = profile.hears(profile.limiting),
  rules   = { clamps and "RA-1" or "RA-3" },
  given   = { events = 1 },
  server  = { answer { limiting, retry_after = cap + 1 }, answer { 200 } },
  observe = "2s",
}

-- A date, too, asks for no more than the cap of whoever honours dates. It is near
-- enough for one who waits for it to be seen to come.
scenario "retry-after/clamped/date" {
  when   = clamps,
  rules  = { "RA-3" },
  given  = { events = 1, config = { maxRetryAfterMs = 3000 } },
  server = { answer { limiting, retry_after = date { offset = "9s" } }, answer { 200 } },
  expect = "policy",
}
