-- RA-1: After 429 with Retry-After: n, no attempt comes before n seconds.
local limiting = profile.limiting

for _, seconds in ipairs { 1, 2, 3 } do
  scenario("retry-after/seconds/" .. seconds) {
    when   = profile.hears(profile.limiting),
    rules  = { "RA-1", "RA-2", "COUNT-2" },
    given  = { events = 1, config = { maxRetries = 5 } },
    server = { answer { limiting, retry_after = seconds }, answer { 200 } },
    expect = "policy",
  }
end

scenario "retry-after/seconds/twice" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-1", "COUNT-3" },
  given  = { events = 1 },
  server = {
    answer { limiting, retry_after = 1 },
    answer { limiting, retry_after = 2 },
    answer { 200 },
  },
  expect = "policy",
}

-- A wait longer than the backoff would be, so that one cannot pass for the
-- other.
scenario "retry-after/seconds/after-a-backoff" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-1", "BACK-1" },
  given  = { events = 1 },
  server = { answer { profile.failing }, answer { limiting, retry_after = 3 }, answer { 200 } },
  expect = "policy",
}

-- Field content is trimmed by every HTTP parser (RFC 9110, 5.5).
scenario "retry-after/seconds/padded" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-1" },
  given  = { events = 1 },
  server = { answer { limiting, retry_after = " 1 " }, answer { 200 } },
  expect = "policy",
}

scenario "retry-after/seconds/padded-7-watched" {
  when    = profile.hears(profile.limiting),
  rules   = { "RA-1" },
  given   = { events = 1 },
  server  = { answer { limiting, retry_after = " 7 " }, answer { 200 } },
  observe = "2s",
}
