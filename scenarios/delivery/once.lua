-- DELIVER-2: Nothing is sent again after a success was received in full.
scenario "delivery/once/slow-answer" {
  rules  = { "DELIVER-2", "STATUS-1" },
  given  = { events = 1 },
  server = { answer { 200, delay = "700ms" } },
  expect = { attempts = 1, success = true },
}

scenario "delivery/once/after-a-retry" {
  rules  = { "DELIVER-2", "STATUS-4" },
  given  = { events = 1 },
  server = { answer { 502 }, answer { 200, delay = "300ms" } },
  expect = { attempts = 2, success = true },
}

scenario "delivery/once/three-batches" {
  rules  = { "DELIVER-2", "COUNT-4" },
  given  = { events = 3, config = { flushAt = 1 } },
  server = { each_batch = { answer { 503 }, answer { 200 } } },
  expect = { attempts = 6, delivered = "all", success = true },
}

-- A 200 whose body says nothing, or is no JSON, is a success all the same.
for name, body in pairs { empty = "", html = "<html>ok</html>", array = "[]" } do
  scenario("delivery/once/body-" .. name) {
    rules  = { "DELIVER-2", "STATUS-1" },
    given  = { events = 1 },
    server = { answer { 200, body = body } },
    expect = { attempts = 1, success = true },
  }
end
