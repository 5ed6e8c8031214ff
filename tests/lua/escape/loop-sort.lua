-- expect: 2: ran over its budget of 2000000 instructions (an endless loop?)
table.sort({ 3, 2, 1 }, function() while true do end end)
