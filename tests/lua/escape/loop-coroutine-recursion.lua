-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
local function f() coroutine.resume(coroutine.create(f)) f() end f()
