-- A family is a loop around a scenario; pairs goes in the order of the keys.
local families = {
  { rule = "STATUS-3", success = false, attempts = 1, 400, 404, 499 },
  { rule = "STATUS-2", success = true, attempts = 2, 408, 410, 429, 460 },
}

for _, family in ipairs(families) do
  for _, status in ipairs(family) do
    scenario("status/" .. status) {
      about  = "A client that is answered " .. status .. ".",
      rules  = { family.rule },
      server = answer { status },
      expect = { attempts = family.attempts, success = family.success },
    }
  end
end

for name, body in pairs { html = "<html>", empty = "", json = '{"a":"\0b"}' } do
  scenario("status/body/" .. name) {
    rules  = { "STATUS-7" },
    server = answer { 500, body = body, headers = { ["Content-Type"] = "x/y" } },
  }
end
