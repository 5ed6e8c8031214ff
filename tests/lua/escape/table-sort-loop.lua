-- expect: 4: ran over its budget of 2000000 instructions (an endless loop?)
local t = {}
for i = 1, 500000 do t[i] = i end
while true do table.sort(t) end
