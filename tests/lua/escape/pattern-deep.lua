-- expect: 2: pattern too complex
local _ = (("a"):rep(1000)):find(("(a"):rep(30) .. ("a?"):rep(200))
