-- expect: 4: ran over its budget of 2000000 instructions (an endless loop?)
local spin = setmetatable({}, { __close = function() while true do end end })
while true do
  pcall(coroutine.wrap(function()
    local x <close> = spin
    table.sort({ 3, 2, 1 }, function() while true do end end)
  end))
end
