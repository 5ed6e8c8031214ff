-- expect: 3: ran over its budget of 20000000 instructions (an endless loop?)
local s = ("c0"):rep(5000000)
while true do string.packsize(s) end
