-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
return ("x"):rep(1 << 30)
