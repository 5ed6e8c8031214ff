-- expect: 5: more than 10000 scenarios
local i = 0
while true do
  i = i + 1
  scenario("a/" .. i) { rules = { "RA-1" } }
end
