-- expect: 3: used more than the 64 MB of memory it may
local s = "x"
while true do s = s .. s end
