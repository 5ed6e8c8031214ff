-- Faults, delays and repetition.
for _, name in ipairs { "close", "reset", "hang" } do
  scenario("network/" .. name) {
    rules  = { "NET-1" },
    given  = { config = { timeout = "1s" } },
    server = { fault { name, times = 2 }, answer { 200 } },
    expect = { attempts = 3, delivered = "all" },
  }
end

scenario "network/all" {
  rules  = { "NET-1", "NET-2" },
  given  = { config = { timeout = "1s" } },
  server = {
    answer { 503, delay = "100ms", times = 2 },
    fault "close" * 3,
    fault { "reset", delay = "1.5s" },
    hang {},
    rest(hang { delay = "10ms" }),
  },
}
