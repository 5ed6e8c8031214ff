-- expect: 4: ran over its budget of 20000000 instructions (an endless loop?)
local s = ("a"):rep(8000000)
for _ = 1, 1e9 do
  s:find(("a"):rep(4000000) .. "b", 1, true)
end
