-- expect: 3: attempt to index a nil value (local 't')
local t
return t.x.y
