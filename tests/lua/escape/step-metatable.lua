-- expect: 2: cannot change a protected metatable
setmetatable(answer { 200 }, nil)
