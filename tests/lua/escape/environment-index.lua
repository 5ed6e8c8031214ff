-- expect: 3: x: sets a global; write local x
assert(getmetatable(_ENV) == "environment")
_ENV.x = 1
