-- NET-1: TLS failure: a counted retry, wherever the handshake breaks off, and
-- whoever speaks TLS to whom.
local function once(id, step, given)
  scenario("network/tls/" .. id .. "/once") {
    rules  = { "NET-1", "DELIVER-1" },
    given  = given,
    server = { on_connection = { [1] = step }, answer { 200 } },
    expect = { attempts = 1, delivered = "all", success = true },
  }
end

local function for_ever(id, step, given)
  given.config = given.config or {}
  given.config.maxRetries = 1
  scenario("network/tls/" .. id .. "/for-ever") {
    rules  = { "NET-1", "DELIVER-4" },
    given  = given,
    server = { on_connection = { [1] = rest(step) } },
    expect = { attempts = 0, delivered = "none", success = false },
  }
end

for _, name in ipairs { "tls-close", "tls-reset", "tls-old-version",
    "plain-for-tls" } do
  once(name, fault { name }, { https = true })
  for_ever(name, fault { name }, { https = true })
end

-- In the middle of what the server says, and at its end.
for _, name in ipairs { "tls-close", "tls-reset" } do
  once(name .. "/after-100", fault { name, after = 100 }, { https = true })
  once(name .. "/at-the-end", fault { name, after = 65536 }, { https = true })
end

once("tls-stall", fault "tls-stall",
  { https = true, config = { timeout = "1s" } })
for_ever("tls-stall", fault { "tls-stall", after = 100 },
  { https = true, config = { timeout = "1s" } })

once("tls-for-plain", fault "tls-for-plain", {})
for_ever("tls-for-plain", fault "tls-for-plain", {})

scenario "network/tls/tls-close/twice" {
  rules  = { "NET-1", "DELIVER-1" },
  given  = { https = true },
  server = {
    on_connection = { [1] = fault { "tls-close", times = 2 } },
    answer { 200 },
  },
  expect = { attempts = 1, delivered = "all", success = true },
}
