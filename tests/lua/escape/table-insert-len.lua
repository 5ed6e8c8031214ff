-- expect: 2: bad argument #1 to 'insert' (a table without a metatable is needed)
table.insert(setmetatable({}, {
  __len = function() return 1 << 60 end }), 1, 1)
