-- expect: 5: ran over its budget of 2000000 instructions (an endless loop?)
while true do
  local x <close> = setmetatable({}, { __close = function()
    while true do end
  end })
end
