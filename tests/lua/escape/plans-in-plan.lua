-- expect: 4: a: was refused, and the error caught
-- A plan that fails is let off; the next must still work, and the end tells.
pcall(function()
  scenario "a" { rules = { "RA-1" }, server = { answer { 1 } } }
end)
