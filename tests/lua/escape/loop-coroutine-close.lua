-- expect: 10: ran over its budget of 2000000 instructions (an endless loop?)
-- The closing of a coroutine that an error ended runs with hooks off.
local spin = setmetatable({}, { __close = function() while true do end end })
local thread = coroutine.create(function()
  local x <close> = spin
  while true do end
end)
pcall(coroutine.resume, thread)
while true do
  pcall(function() coroutine.close(thread) end)
end
