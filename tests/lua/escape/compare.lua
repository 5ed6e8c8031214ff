-- expect: 3: ran for more than 1 s
local a, b = ("x"):rep(15000000), ("x"):rep(15000000)
for _ = 1, 1e9 do local _ = a == b end
