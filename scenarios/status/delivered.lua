-- STATUS-1: What the profile takes for delivered is not retried, and success is
-- reported.
local function ids(family, statuses)
  for _, status in ipairs(statuses) do
    scenario("status/" .. family .. "/" .. status) {
      rules  = { profile.rule(status) },
      given  = { events = 1 },
      server = { answer { status } },
      expect = "policy",
    }
  end
end

ids("2xx", { 200, 201, 202, 203, 204, 205, 206, 207, 208, 226 })
-- Without a Location there is nowhere to follow a redirect to.
ids("3xx", { 300, 301, 302, 303, 304, 305, 306, 307, 308 })
