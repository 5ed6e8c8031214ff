-- expect: 3: used more than the 64 MB of memory it may
local t = {}
for i = 1, 1e9 do t[i] = { i } end
