-- A wait is so long, whatever the clock on the wall shows: the client lives in
-- Berlin, and summer time begins or ends while it waits.
local failing, limiting = profile.failing, profile.limiting
-- As long as the ingest may ask for, and a moment in the middle of it.
local asked = math.min(250, math.floor(profile.retry_after_cap_s or 250))
local dated = math.min(240, asked)
local meanwhile = ("%ds"):format(dated // 2)

for name, change in pairs { begins = "begins_in", ends = "ends_in" } do
  -- RA-1, RA-2: After 429 with Retry-After: n, no attempt comes before n
  -- seconds, and one comes soon after.
  scenario("clock/summer-time-" .. name .. "/retry-after") {
    when   = profile.hears(profile.limiting),
    rules  = { "RA-1", "RA-2" },
    given  = { events = 1 },
    server = { answer { limiting, retry_after = asked }, answer { 200 } },
    expect = "policy",
    clock  = "jump",
    summer_time = { [change] = meanwhile },
    limit  = "3h",
  }

  -- RA-10: ... nor does it matter that a date stands for that moment: dates of
  -- HTTP are in UTC.
  scenario("clock/summer-time-" .. name .. "/date") {
    rules  = { "RA-10" },
    given  = { events = 1 },
    server = {
      answer { limiting, retry_after = date { form = "imf", offset = dated } },
      answer { 200 },
    },
    expect = "policy",
    clock  = "jump",
    summer_time = { [change] = meanwhile },
    limit  = "3h",
  }

  -- BACK-1: and a backoff is as long, here the seventh, of half a minute.
  scenario("clock/summer-time-" .. name .. "/backoff") {
    rules  = { "BACK-1" },
    given  = { events = 1, config = { maxRetries = 10 } },
    server = { answer { failing, times = 7 }, answer { 200 } },
    expect = "policy",
    clock  = "jump",
    summer_time = { [change] = "40s" },
    limit  = "3h",
  }

  -- AUTH-7: A token of an hour is as old as it is: it is reused after twenty
  -- minutes, and not after sixty-five.
  scenario("clock/summer-time-" .. name .. "/token") {
    when   = profile.oauth,
    rules  = { "AUTH-2", "AUTH-7" },
    given  = { sequences = { { events = 1 }, { events = 1, delay = "20m" },
               { events = 1, delay = "45m" } } },
    server = {
      rest(answer { 200 }),
      token = rest(answer { 200, expires_in = 3600 }),
    },
    expect = { attempts = 3, delivered = "all", success = true },
    clock  = "jump",
    summer_time = { [change] = meanwhile },
    limit  = "3h",
  }
end
