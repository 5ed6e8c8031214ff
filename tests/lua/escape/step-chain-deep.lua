-- expect: 3: a: server[1]: rest holds a rest; allowed: one
local step = answer { 200 }
for i = 1, 10000 do step = rest(step) end
scenario "a" { rules = { "RA-1" }, server = { step } }
