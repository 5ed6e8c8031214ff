-- expect: 3: ran over its budget of 2000000 instructions (an endless loop?)
local s = ("1"):rep(1000):rep(15000)
while true do tonumber(s) end
