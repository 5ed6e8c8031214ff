-- expect: 6: a: server[1].dealy: unknown word; did you mean delay? allowed: status, retry_after, headers, body, location, expires_in, delay, times, step_clock
local function slow(status)
  return answer { status, dealy = "1s" }
end

scenario "a" { rules = { "RA-1" }, server = { slow(200) } }
