-- expect: 2: C stack overflow
return setmetatable({}, { __index = function(t, k) return t[k + 1] end })[1]
