-- RA-8: Retry-After: 0 never makes a tight loop: a floor or a counted backoff.
scenario "retry-after/zero/once" {
  rules  = { "RA-8" },
  given  = { events = 1, config = { maxRetries = 5 } },
  server = { answer { profile.limiting, retry_after = 0 }, answer { 200 } },
  expect = "policy",
}

local first = profile.backoff(1) or { most = 1 }
local watched = math.min(1000, math.max(5, math.ceil(3 * first.most)))

scenario "retry-after/zero/for-ever" {
  rules   = { "RA-8" },
  given   = { events = 1, config = { maxRetries = 2 } },
  server  = { rest(answer { profile.limiting, retry_after = 0 }) },
  observe = ("%ds"):format(watched),
  limit   = ("%ds"):format(watched + 30),
}
