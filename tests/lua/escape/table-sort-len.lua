-- expect: 2: bad argument #1 to 'sort' (a table without a metatable is needed)
table.sort(setmetatable({}, {
  __len = function() return (1 << 31) - 2 end, __index = rawlen,
  __newindex = rawlen }))
