-- expect: 3: ran over its budget of 2000000 instructions (an endless loop?)
local t = {} for i = 1, 20000 do t[i] = i end
local function g(...) while true do select("#", ...) end end
g(table.unpack(t))
