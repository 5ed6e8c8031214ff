-- NET-1: Reset, closed without an answer, timed out: each a counted retry,
-- however often and whenever. (each-fault.lua has the plain cases.)
for _, name in ipairs { "close", "reset" } do
  scenario("network/" .. name .. "/twice") {
    when   = profile.retries_network,
    rules  = { "NET-1", "BACK-1" },
    given  = { events = 1 },
    server = { fault { name, times = 2 }, answer { 200 } },
    expect = "policy",
  }

  scenario("network/" .. name .. "/late") {
    when   = profile.retries_network,
    rules  = { "NET-1" },
    given  = { events = 1 },
    server = { fault { name, delay = "400ms" }, answer { 200 } },
    expect = "policy",
  }

  scenario("network/" .. name .. "/several-events") {
    when   = profile.retries_network,
    rules  = { "NET-1", "DELIVER-3" },
    given  = { events = 20 },
    server = { fault { name }, answer { 200 } },
    expect = "policy",
  }
end

scenario "network/all-of-them" {
  when   = profile.retries_network,
  rules  = { "NET-1", "COUNT-3" },
  given  = { events = 1, config = { timeout = "1s" } },
  server = { fault { "close" }, fault { "reset" }, hang {}, answer { 200 } },
  expect = "policy",
}
