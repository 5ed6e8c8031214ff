-- expect: 2: cannot change a metatable
setmetatable(_ENV, {})
