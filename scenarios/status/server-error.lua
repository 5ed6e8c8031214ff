-- STATUS-4: 5xx are retried, except 501, 505 and (without OAuth) 511.
local retried = {
  500, 502, 503, 504, 506, 507, 508, 510,
  520, 521, 522, 523, 524, 525, 526, 527, 599,
}

for _, status in ipairs(retried) do
  scenario("status/5xx/" .. status) {
    rules  = { "STATUS-4", "COUNT-2" },
    given  = { events = 1 },
    server = { answer { status }, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

-- STATUS-5: 501 and 505 are not retried.
for _, status in ipairs { 501, 505 } do
  scenario("status/5xx/" .. status) {
    rules  = { "STATUS-5" },
    given  = { events = 1, config = { maxRetries = 2 } },
    server = { rest(answer { status }) },
    expect = { attempts = 1, delivered = "none" },
  }
end

-- STATUS-6: 511 is retried only when OAuth is configured.
scenario "status/5xx/511" {
  rules  = { "STATUS-6" },
  given  = { events = 1, config = { maxRetries = 2 } },
  server = { rest(answer { 511 }) },
}
