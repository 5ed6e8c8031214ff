-- BACK-1: The wait before the n-th counted retry lies within half and twice
-- the law 0.5 s x 2^(n-1).
for _, status in ipairs { 429, 500, 503 } do
  scenario("backoff/law/three-times-" .. status) {
    rules  = { "BACK-1", "BACK-6" },
    given  = { events = 1, config = { maxRetries = 5 } },
    server = { answer { status, times = 3 }, answer { 200 } },
    expect = { attempts = 4, delivered = "all" },
  }
end

scenario "backoff/law/four-retries" {
  rules  = { "BACK-1" },
  given  = { events = 1, config = { maxRetries = 5 } },
  server = { answer { 503, times = 4 }, answer { 200 } },
  expect = { attempts = 5, delivered = "all" },
}

scenario "backoff/law/after-slow-answers" {
  rules  = { "BACK-1" },
  given  = { events = 1 },
  server = { answer { 500, delay = "800ms", times = 2 }, answer { 200 } },
  expect = { attempts = 3, delivered = "all" },
}
