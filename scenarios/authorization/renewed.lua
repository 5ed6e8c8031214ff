-- AUTH-4: 511 (and 400, 401, 403) with OAuth clears the token; the next
-- request carries a newly fetched one. STATUS-6: 511 is retried then.
scenario "authorization/renewed/511" {
  when   = profile.oauth,
  rules  = { "AUTH-4", "AUTH-3", "STATUS-6" },
  given  = { events = 1 },
  server = { answer { 511 }, answer { 200 }, token = rest(answer { 200 }) },
  expect = { attempts = 2, delivered = "all", success = true },
}

scenario "authorization/renewed/511-twice" {
  when   = profile.oauth,
  rules  = { "AUTH-4", "STATUS-6", "BACK-1" },
  given  = { events = 1 },
  server = { answer { 511 } * 2, answer { 200 }, token = rest(answer { 200 }) },
  expect = { attempts = 3, delivered = "all", success = true },
}

-- These refuse the batch; the next one comes when that is surely known, also
-- to a client that takes its time to begin.
for _, status in ipairs { 400, 401, 403 } do
  scenario("authorization/renewed/" .. status) {
    when   = profile.oauth,
    rules  = { "AUTH-4", "STATUS-3" },
    given  = { sequences = { { events = 1 }, { events = 1, delay = "3s" } } },
    server = { answer { status }, rest(answer { 200 }),
               token = rest(answer { 200 }) },
    expect = { attempts = 2, delivered = 1, success = false },
  }
end

-- The new token is not to be had for a while.
scenario "authorization/renewed/endpoint-down" {
  when   = profile.oauth,
  rules  = { "AUTH-4", "AUTH-6", "STATUS-6" },
  given  = { events = 1 },
  server = { answer { 511 }, answer { 200 },
             token = { answer { 200 }, answer { 503 }, rest(answer { 200 }) } },
  expect = { attempts = 2, delivered = "all", success = true },
}
