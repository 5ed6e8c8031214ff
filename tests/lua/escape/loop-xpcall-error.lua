-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
xpcall(error, function() while true do end end)
