-- expect: 3: ran over its budget of 2000000 instructions (an endless loop?)
while true do
  coroutine.resume(coroutine.create(function() while true do end end))
end
