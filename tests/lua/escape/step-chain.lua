-- expect: 3: used more than the 64 MB of memory it may
local step = answer { 200 }
while true do step = rest(step) end
