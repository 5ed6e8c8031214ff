-- expect: 2: too many results to unpack
return table.unpack({}, 1, 10000000)
