-- expect: 4: malformed pattern (missing ']')
local ok, err = pcall(string.find, "a", "(")
assert(not ok and err:find("unfinished capture"), err)
local _ = ("a"):find("[a")
