-- expect: 3: ran over its budget of 2000000 instructions (an endless loop?)
local s = ("x"):rep(500000)
while true do s:byte(1, 500000) end
