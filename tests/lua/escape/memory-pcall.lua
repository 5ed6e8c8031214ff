-- expect: 4: ran over its budget of 2000000 instructions (an endless loop?)
local t = {}
while true do
  pcall(function() for i = 1, 1e9 do t[#t + 1] = { i } end end)
end
