-- expect: 4: a/b: server[1]: found a table; allowed: a table of status, retry_after, headers, body, location, expires_in, delay, times, step_clock
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer(setmetatable({}, { __index = { 200 } })) },
}
