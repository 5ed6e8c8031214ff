-- expect: 3: ran over its budget of 2000000 instructions (an endless loop?)
local s = ("a"):rep(40)
while true do pcall(string.find, s, ("a?"):rep(40) .. s) end
