-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
local function f() xpcall(f, print) f() end f()
