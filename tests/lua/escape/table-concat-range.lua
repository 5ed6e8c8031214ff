-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
table.concat({}, "", 1, 1 << 60)
