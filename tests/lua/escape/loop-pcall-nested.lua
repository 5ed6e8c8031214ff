-- expect: 10: ran over its budget of 2000000 instructions (an endless loop?)
local function spin(depth)
  while true do
    if depth == 0 then
      while true do end
    end
    pcall(spin, depth - 1)
  end
end
spin(150)
