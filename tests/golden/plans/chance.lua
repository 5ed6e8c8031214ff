-- Chance is seeded by the run and the scenario's id: the same in each order.
local first = random(1000)

for i = 1, 3 do
  scenario("chance/" .. i) {
    rules  = { "RA-9" },
    server = {
      answer { 429, retry_after = random(1, 1000000) },
      answer { random(500, 599), times = random(9) },
    },
  }
end

scenario "chance/outside" {
  rules  = { "RA-9" },
  server = answer { 429, retry_after = first * 1000 + math.random(1, 999) },
}
