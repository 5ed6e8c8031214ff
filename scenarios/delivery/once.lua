-- DELIVER-2: Nothing is sent again after a success was received in full.
local failing = profile.failing

scenario "delivery/once/slow-answer" {
  rules  = { "DELIVER-2", "STATUS-1" },
  given  = { events = 1 },
  server = { answer { 200, delay = "700ms" } },
  expect = "policy",
}

scenario "delivery/once/after-a-retry" {
  rules  = { "DELIVER-2", profile.rule(failing) },
  given  = { events = 1 },
  server = { answer { failing }, answer { 200, delay = "300ms" } },
  expect = "policy",
}

scenario "delivery/once/three-batches" {
  rules  = { "DELIVER-2", "COUNT-4" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = { each_batch = { answer { failing }, answer { 200 } } },
  expect = "policy",
}

-- A 200 whose body says nothing, or is no JSON, is a success all the same.
for name, body in pairs { empty = "", html = "<html>ok</html>", array = "[]" } do
  scenario("delivery/once/body-" .. name) {
    rules  = { "DELIVER-2", "STATUS-1" },
    given  = { events = 1 },
    server = { answer { 200, body = body } },
    expect = "policy",
  }
end
