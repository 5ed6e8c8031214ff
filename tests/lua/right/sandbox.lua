-- What is allowed works as Lua's manual says.
local ok, text = pcall(error, "x")
assert(not ok and text == "x")
ok, text = xpcall(function() error "q" end, function(m) return "H:" .. m end)
assert(not ok and text == "H:right.lua:4: q", text)
assert(select(2, xpcall(function(a) return a + 1 end, print, 4)) == 5)

local produce = coroutine.wrap(function(a)
  for i = a, a + 2 do
    coroutine.yield(i)
  end
  error "end"
end)
assert(produce(1) == 1 and produce() == 2 and produce() == 3)
ok, text = pcall(produce)
assert(not ok and text == "right.lua:12: end", text)

local keys = {}
for key in pairs { c = 1, a = 2, [2] = 3, [1] = 4, b = 5, [true] = 6 } do
  keys[#keys + 1] = tostring(key)
end
assert(table.concat(keys, " ") == "1 2 a b c true", table.concat(keys, " "))
for _ in pairs {} do
  error "not empty"
end
for i, v in pairs(setmetatable({}, { __pairs = function()
  return function(_, k) return not k and 1 or nil, "own" end
end })) do
  assert(i == 1 and v == "own")
end

local object = setmetatable({}, { __index = { x = 1 }, __metatable = "mine" })
assert(object.x == 1 and getmetatable(object) == "mine")
assert(not pcall(setmetatable, object, nil))
local class = {}
class.__index = class
object = setmetatable({ n = 1 }, class)
function class:more()
  self.n = self.n + 1
  return self.n
end
assert(object:more() == 2 and getmetatable(object) == class)

local list = table.pack(3, 1, 2)
table.sort(list, function(a, b) return a > b end)
assert(table.concat(list, ",") == "3,2,1")
table.insert(list, 1, 4)
assert(table.remove(list) == 1 and select("#", table.unpack(list)) == 3)
assert(#table.move(list, 1, 3, 2) == 4 and list[1] == 4 and list[2] == 4)
assert(table.move({ 7 }, 1, 1, 2, {})[2] == 7)
assert(("ab"):rep(3, "-") == "ab-ab-ab" and (""):rep(9) == "")
assert(utf8.len("häß") == 3 and utf8.codepoint("ä") == 228)

local lowest, highest = 7, 0
for _ = 1, 1000 do
  local die = random(6)
  lowest, highest = math.min(lowest, die), math.max(highest, die)
  assert(random() < 1 and random(-2, -1) < 0)
end
assert(lowest == 1 and highest == 6)
assert(math.type(random(math.mininteger, math.maxinteger)) == "integer")
assert(not pcall(random, 2, 1) and not pcall(random, 0))
print("talk", 1, nil, {}, "two\nlines")

assert(not pcall(function() undefined_name = 1 end))
assert(not pcall(function() return undefined_name end))

scenario "sandbox" { rules = { "RA-1" } }
