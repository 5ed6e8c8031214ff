-- expect: 3: ran over its budget of 20000000 instructions (an endless loop?)
local s = ("x"):rep(5000000)
while true do local _ = s .. s end
