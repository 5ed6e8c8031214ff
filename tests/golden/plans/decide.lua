-- Lua while serving: for one request, and for all further ones.
local function by_parity(request, memory)
  memory.seen = (memory.seen or 0) + 1
  return answer { memory.seen % 2 == 0 and 200 or 503 }
end

scenario "decide/step" {
  rules  = { "STATUS-4" },
  server = { decide(by_parity), decide(by_parity) * 2, answer { 200 } },
}

scenario "decide/key" {
  rules  = { "STATUS-4" },
  server = { answer { 503 }, decide = by_parity },
}

scenario "decide/rest" {
  rules  = { "STATUS-4" },
  given  = { events = 2, config = { flushAt = 1 } },
  server = { with_event = { [2] = rest(decide(by_parity)) } },
}
