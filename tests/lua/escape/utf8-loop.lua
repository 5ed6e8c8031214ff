-- expect: 3: ran over its budget of 20000000 instructions (an endless loop?)
local s = ("x"):rep(10000000)
while true do utf8.len(s) end
