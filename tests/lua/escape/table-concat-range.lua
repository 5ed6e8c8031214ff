-- expect: 2: ran over its budget of 50000000 instructions (an endless loop?)
table.concat({}, "", 1, 1 << 60)
