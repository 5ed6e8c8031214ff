-- expect: 4: ran over its budget of 2000000 instructions (an endless loop?)
local m = {}
m.__index = function(t, k) pcall(function() return t[k] end) return t[k] end
return setmetatable({}, m).x
