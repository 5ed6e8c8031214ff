-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
table.move({}, 1, math.maxinteger - 1, 2)
