-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
local _ = (("a"):rep(10000)):find(("a*"):rep(20) .. "b")
