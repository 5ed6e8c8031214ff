-- expect: 2: ran over its budget of 50000000 instructions (an endless loop?)
return ("x"):rep(1 << 30)
