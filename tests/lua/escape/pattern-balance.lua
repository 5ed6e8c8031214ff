-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
local _ = (("("):rep(10000000)):find("%b()")
