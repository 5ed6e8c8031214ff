-- NET-1: A connection that fails before it carries a request is a network
-- failure as any other: a counted retry. (each-fault.lua has the plain cases.)
local refused_after = answer { profile.failing, headers = { ["Connection"] = "close" } }
for _, name in ipairs { "accept-close", "accept-reset" } do
  scenario("network/" .. name .. "/twice") {
    when   = profile.retries_network,
    rules  = { "NET-1", "DELIVER-1" },
    server = {
      on_connection = { [1] = fault { name, times = 2 } },
      answer { 200 },
    },
    expect = { attempts = 1, delivered = "all", success = true },
  }

  scenario("network/" .. name .. "/between") {
    when   = profile.retries_network and profile.retries(profile.failing),
    about  = "A 503 first, and no connection is kept: the retry meets the "
      .. "fault, and goes on counting.",
    rules  = { "NET-1", "COUNT-2" },
    server = {
      on_connection = { [2] = fault { name } },
      refused_after, answer { 200 },
    },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

-- How long the retries last that a client has by default.
local lasting = profile.waits(math.min(20, profile.retries_default or 20))

scenario "network/open-late/between" {
  when   = profile.retries_network and profile.retries(profile.failing)
    and lasting ~= nil and lasting.least > 1.5,
  about  = "Nobody listens when the retry comes.",
  rules  = { "DELIVER-1", profile.rule(profile.failing) },
  server = {
    on_connection = { [2] = fault { "open-late", lasts = "1.2s" } },
    refused_after, answer { 200 },
  },
  expect = { attempts = 2, delivered = "all", success = true },
}
