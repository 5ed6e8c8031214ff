-- expect: ran over its budget of 2000000 instructions (an endless loop?)
local s = ("a"):rep(40)
return s:find(("a?"):rep(40) .. s)
