-- expect: 4: the scenarios hold more than 64 MB of text
local body = ("x"):rep(4000000)
for i = 1, 100 do
  scenario("a/" .. i) { rules = { "RA-1" }, server = { answer { 200, body = body } } }
end
