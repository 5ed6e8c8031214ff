-- AUTH-7: A token is reused until it nears its end: one of an hour serves the
-- second batch, and not the third.
scenario "authorization/long/an-hour" {
  when   = profile.oauth,
  rules  = { "AUTH-2", "AUTH-7" },
  given  = { sequences = { { events = 1 }, { events = 1, delay = "20m" },
             { events = 1, delay = "45m" } } },
  server = { rest(answer { 200 }),
             token = rest(answer { 200, expires_in = 3600 }) },
  expect = { attempts = 3, delivered = "all", success = true },
  clock  = "jump",
  limit  = "2h",
}

-- AUTH-3: Retries carry valid credentials too, also those that come when the
-- token of the first attempt is over.
scenario "authorization/long/retries-outlive-the-token" {
  when   = profile.oauth and (profile.max_rate_limit_s or math.huge) > 15 * 290,
  rules  = { "AUTH-2", "AUTH-3", "AUTH-7", "RA-1" },
  given  = { events = 1 },
  server = { answer { 429, retry_after = 290, times = 15 }, answer { 200 },
             token = rest(answer { 200, expires_in = 3600 }) },
  expect = { attempts = 16, delivered = "all", success = true },
  clock  = "jump",
  limit  = "3h",
}
