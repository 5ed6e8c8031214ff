-- find, match, gmatch and gsub are ours; the manual's own examples.
local function same(found, wanted)
  assert(found == wanted, ("%s, not %s"):format(found, wanted))
end

same(("hello world"):gsub("(%w+)", "%1 %1"), "hello hello world world")
same(("hello world"):gsub("%w+", "%0 %0", 1), "hello hello world")
same(("hello world from Lua"):gsub("(%w+)%s*(%w+)", "%2 %1"),
  "world hello Lua from")
same(("$name-$version"):gsub("%$(%w+)", { name = "lua", version = "5.4" }),
  "lua-5.4")
same(("4+5"):gsub("%d", function(d) return d + 1 end), "5+6")
same(("abc"):gsub("", "-"), "-a-b-c-")
same(("abc"):gsub("b*", "x"), "xaxcx")
same(("abc"):gsub("^a", "x"), "xbc")
same(("a.b"):find(".", 1, true), 2)
same(("a.b"):find("b"), 3)
same(("THE (quick) fox"):find("%((%a+)%)"), 5)
same(("key = value"):match("^(%w+)%s*=%s*(%w+)$"), "key")
same(("  x "):match("^%s*(.-)%s*$"), "x")
same(("THE (quick) fox"):match("%f[%a]%a+%f[%A]"), "THE")
same(("f(a(b)c)d"):match("%b()"), "(a(b)c)")
same(("x=x"):match("(.)=%1"), "x")
same(("abc"):match("()", 4), 4)
same(("abc"):find("c", -1), 3)
same(("abc"):find("", 10), nil)

local words = {}
for key, value in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do
  words[#words + 1] = key .. value
end
same(table.concat(words, " "), "a1 b2")

scenario "text" { rules = { "RA-1" } }
