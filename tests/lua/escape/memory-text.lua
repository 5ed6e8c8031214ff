-- expect: 3: ran over its budget of 2000000 instructions (an endless loop?)
local t = {}
for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end
