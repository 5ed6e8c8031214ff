-- expect: 4: ran over its budget of 2000000 instructions (an endless loop?)
local s = ("x"):rep(1000):rep(15000)
local t = {} for i = 1, 2000 do t[i] = s end
table.sort(t)
