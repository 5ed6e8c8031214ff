-- BACK-1: The wait before the n-th counted retry lies within half and twice
-- the law.
for _, status in ipairs { 429, 500, 503 } do
  scenario("backoff/law/three-times-" .. status) {
    when   = profile.retries(status),
    rules  = { "BACK-1", "BACK-6" },
    given  = { events = 1, config = { maxRetries = 5 } },
    server = { answer { status, times = 3 }, answer { 200 } },
    expect = "policy",
  }
end

scenario "backoff/law/four-retries" {
  rules  = { "BACK-1" },
  given  = { events = 1, config = { maxRetries = 5 } },
  server = { answer { profile.failing, times = 4 }, answer { 200 } },
  expect = "policy",
}

scenario "backoff/law/after-slow-answers" {
  rules  = { "BACK-1" },
  given  = { events = 1 },
  server = { answer { profile.failing, delay = "800ms", times = 2 }, answer { 200 } },
  expect = "policy",
}
