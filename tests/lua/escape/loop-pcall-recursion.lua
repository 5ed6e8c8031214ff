-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
local function f() pcall(f) f() end f()
