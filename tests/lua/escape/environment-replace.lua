-- expect: 4: attempt to call a nil value (global 'assert')
local _ENV = {}
x = 1
assert(x == 1)
scenario "a" {}
