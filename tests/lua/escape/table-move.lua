-- expect: 2: ran over its budget of 50000000 instructions (an endless loop?)
table.move({}, 1, math.maxinteger - 1, 2)
