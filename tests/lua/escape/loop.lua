-- expect: 2: ran over its budget of 50000000 instructions (an endless loop?)
while true do end
