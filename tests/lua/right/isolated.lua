-- What a file does to what it can reach, the next does not see; and what the
-- scenario says is taken when it is declared.
local given = { config = { maxRetries = 1 } }
local step = answer { 200 }
local declare = scenario "isolated/late"
declare { rules = { "RA-1" }, given = given, server = { step, step, step * 2 } }
given.config.maxRetries = "no number"

local thread = coroutine.wrap(function()
  scenario "isolated/in-a-coroutine" {
    rules = { "RA-1" },
    server = { decide(function() return answer { 200 } end) },
    check = function() end,
  }
end)
thread()

local ok, text = pcall(string.rep)
assert(not ok and text:find("bad argument #1"), text)
