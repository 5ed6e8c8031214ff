-- expect: 2: cannot change a metatable
setmetatable(string, {})
