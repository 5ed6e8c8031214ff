-- expect: 4: used more than the 64 MB of memory it may
local t = {}
while true do
  t[#t + 1] = coroutine.create(function() end)
  coroutine.resume(t[#t])
end
