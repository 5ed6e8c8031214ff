-- expect: 12: ran over its budget of 2000000 instructions (an endless loop?)
local meta = {}
local t = setmetatable({}, meta)
meta.__mode, meta.__gc = "k", error
assert(getmetatable(t) == meta)
local last = {}
for i = 1, 200000 do
  local next_key = {}
  t[last] = next_key
  last = next_key
end
while true do end
