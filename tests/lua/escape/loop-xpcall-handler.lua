-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
local function spin() while true do end end
while true do xpcall(spin, spin) end
