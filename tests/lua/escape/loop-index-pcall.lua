-- expect: 3: ran over its budget of 2000000 instructions (an endless loop?)
local t = setmetatable({}, { __index = function() while true do end end })
while true do pcall(function() return t.x end) end
