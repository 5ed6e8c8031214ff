-- NET-1: A request that the server turns away from is a network failure; one
-- that it answers early is answered.
for _, name in ipairs { "close-in-body", "reset-in-body" } do
  scenario("network/" .. name .. "/once") {
    rules  = { "NET-1", "DELIVER-1" },
    given  = { events = 20 },
    server = { fault { name }, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

scenario "network/stop-reading/once" {
  rules  = { "NET-1", "DELIVER-1" },
  given  = { events = 20, config = { timeout = "1s" } },
  server = { fault { "stop-reading" }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}

scenario "network/continue-unasked/delivered" {
  rules  = { "STATUS-1", "DELIVER-2" },
  server = { fault "continue-unasked", answer { 200 } },
  expect = { attempts = 1, delivered = "all", success = true },
}

scenario "network/continue-unasked/retried" {
  rules  = { "STATUS-4", "BACK-1" },
  server = { fault { "continue-unasked", status = 503 }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}
