-- NET-1: TLS failure: a counted retry, wherever the handshake breaks off, and
-- whoever speaks TLS to whom. (each-fault.lua has the plain cases.)
local function once(id, step, given)
  scenario("network/tls/" .. id .. "/once") {
    when   = profile.retries_network,
    rules  = { "NET-1", "DELIVER-1" },
    given  = given,
    server = { on_connection = { [1] = step }, answer { 200 } },
    expect = { attempts = 1, delivered = "all", success = true },
  }
end

-- In the middle of what the server says, and at its end.
for _, name in ipairs { "tls-close", "tls-reset" } do
  once(name .. "/after-100", fault { name, after = 100 }, { https = true })
  once(name .. "/at-the-end", fault { name, after = 65536 }, { https = true })
end

once("tls-stall/after-100", fault { "tls-stall", after = 100 },
  { https = true, config = { timeout = "1s" } })

scenario "network/tls/tls-close/twice" {
  when   = profile.retries_network,
  rules  = { "NET-1", "DELIVER-1" },
  given  = { https = true },
  server = {
    on_connection = { [1] = fault { "tls-close", times = 2 } },
    answer { 200 },
  },
  expect = { attempts = 1, delivered = "all", success = true },
}
