-- expect: 3: a/200: server[1].status: found 1000; allowed: an integer from 100 to 999
for i = 199, 201 do
  scenario("a/" .. i) { rules = { "RA-1" }, server = { answer { i * 5 } } }
end
