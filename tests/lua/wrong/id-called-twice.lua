-- expect: 2: a: is declared twice; first at wrong.lua:2
local s = scenario "a"
s { rules = { "RA-1" } }
s { rules = { "RA-1" } }
