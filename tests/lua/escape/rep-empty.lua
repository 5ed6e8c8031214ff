-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
return (""):rep(1 << 60)
