-- expect: 2: bad argument #1 to 'insert' (a table without a metatable is needed)
table.insert(_ENV, 1)
