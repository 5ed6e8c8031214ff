-- A wait is so long, whatever the wall clock says: summer time, NTP or a user
-- set it back or ahead by an hour while the client waits, and the attempt comes
-- neither at once nor an hour late.
local failing, limiting = profile.failing, profile.limiting
-- As long as the ingest may ask for; the clock is set when two fifths of it are
-- over.
local asked = math.min(250, math.floor(profile.retry_after_cap_s or 250))
local meanwhile = ("%ds"):format(asked * 2 // 5)

for name, by in pairs { back = "-1h", ahead = "1h" } do
  -- RA-1, RA-2: After 429 with Retry-After: n, no attempt comes before n
  -- seconds, and one comes soon after.
  scenario("clock/" .. name .. "/retry-after") {
    when   = profile.hears(profile.limiting),
    rules  = { "RA-1", "RA-2" },
    given  = { events = 1 },
    server = {
      answer { limiting, retry_after = asked,
        step_clock = { by = by, after = meanwhile } },
      answer { 200 },
    },
    expect = "policy",
    clock  = "jump",
    limit  = "3h",
  }

  -- BACK-1: and so is a backoff, here of half a minute.
  scenario("clock/" .. name .. "/backoff") {
    rules  = { "BACK-1" },
    given  = { events = 1, config = { maxRetries = 10 } },
    server = {
      answer { failing, times = 6 },
      answer { failing, step_clock = { by = by, after = "8s" } },
      answer { 200 },
    },
    expect = "policy",
    clock  = "jump",
    limit  = "3h",
  }

  -- NET-2: and the timeout of a request.
  scenario("clock/" .. name .. "/timeout") {
    when   = profile.retries_network,
    rules  = { "NET-2", "NET-1" },
    given  = { events = 1, config = { timeout = "20s" } },
    server = { hang { step_clock = { by = by, after = "5s" } }, answer { 200 } },
    expect = "policy",
    clock  = "jump",
    limit  = "3h",
  }

  -- AUTH-7: A token of an hour is as old as it is: it is reused after twenty
  -- minutes, and not after sixty-five.
  scenario("clock/" .. name .. "/token") {
    when   = profile.oauth,
    rules  = { "AUTH-2", "AUTH-7" },
    given  = { sequences = { { events = 1 }, { events = 1, delay = "20m" },
               { events = 1, delay = "45m" } } },
    server = {
      answer { 200, step_clock = { by = by, after = "1m" } },
      rest(answer { 200 }),
      token = rest(answer { 200, expires_in = 3600 }),
    },
    expect = { attempts = 3, delivered = "all", success = true },
    clock  = "jump",
    limit  = "3h",
  }
end
