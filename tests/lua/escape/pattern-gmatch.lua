-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
for _ in (("a"):rep(10000)):gmatch(".-.-.-.-b") do end
