-- NET-3: A dead kept-alive connection costs no more than one retry.
--
-- Idle, it dies unseen: what the client sends on it is lost, and its next
-- attempt may rightly carry X-Retry-Count: 1. In use, it dies with the request
-- in the record.
-- Where right clients may give up at a network failure, nobody can say.
local function sure(expectation)
  return profile.retries_network and expectation or nil
end

for _, name in ipairs { "close-idle", "reset-idle" } do
  scenario("network/dead-connection/" .. name) {
    rules  = { "NET-3", "DELIVER-1" },
    given  = { sequences = { { events = 1 }, { events = 1, delay = "700ms" } } },
    server = { fault { name }, answer { 200 } },
    expect = sure { attempts = 2, delivered = "all", success = true },
  }
end

for _, name in ipairs { "close", "reset" } do
  scenario("network/dead-connection/" .. name .. "-in-use") {
    when   = profile.retries_network,
    rules  = { "NET-3", "NET-1", "COUNT-2" },
    needs  = { "keep-alive" },
    given  = { sequences = { { events = 1 }, { events = 1, delay = "400ms" } } },
    server = {
      on_connection = { [1] = { answer { 200 }, fault { name } } },
      answer { 200 },
    },
    expect = sure { attempts = 3, delivered = "all", success = true },
  }
end
