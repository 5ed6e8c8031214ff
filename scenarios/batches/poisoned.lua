-- DELIVER-5: One rejected batch does not hold up or lose another.
for _, status in ipairs { 400, 413, 501 } do
  for _, poisoned in ipairs { 1, 2, 4 } do
    scenario("batches/poisoned/" .. status .. "-event-" .. poisoned) {
      when   = profile.drops(status),
      rules  = { "DELIVER-5" },
      given  = { events = 4, config = { flushAt = 1 } },
      server = { with_event = { [poisoned] = { rest(answer { status }) } } },
      expect = "policy",
    }
  end
end

scenario "batches/poisoned/among-failures" {
  when   = profile.drops(profile.refusing),
  rules  = { "DELIVER-5", "COUNT-4" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = {
    each_batch = { answer { profile.failing }, answer { 200 } },
    with_event = { [2] = { rest(answer { profile.refusing }) } },
  },
  expect = "policy",
}
