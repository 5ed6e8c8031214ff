-- expect: 3: ran over its budget of 2000000 instructions (an endless loop?)
local s = ("a"):rep(40)
s:find(("a?"):rep(40) .. s)
