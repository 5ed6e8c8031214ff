-- The same contract holds over https: the rules' own small cases once more,
-- on connections with a certificate that the client was told to trust.
local failing, refusing = profile.failing, profile.refusing

scenario "network/tls/https/delivered" {
  rules  = { "AUTH-1", "COUNT-1", "STATUS-1", "DELIVER-1" },
  given  = { https = true, events = 3 },
  server = { answer { 200 } },
  expect = "policy",
}

scenario "network/tls/https/after-503" {
  rules  = { profile.rule(failing), "COUNT-2", "BACK-1" },
  given  = { https = true, events = 1 },
  server = { answer { failing }, answer { 200 } },
  expect = "policy",
}

scenario "network/tls/https/refused" {
  when   = profile.drops(refusing),
  rules  = { profile.rule(refusing), "DELIVER-4" },
  given  = { https = true, events = 1 },
  server = { rest(answer { refusing }) },
  expect = { attempts = 1, delivered = "none", success = false },
}

-- RA-1: After 429 with Retry-After: n, no attempt comes before n seconds.
scenario "network/tls/https/retry-after" {
  when   = profile.hears(profile.limiting),
  rules  = { "RA-1" },
  given  = { https = true, events = 1 },
  server = { answer { profile.limiting, retry_after = 1 }, answer { 200 } },
  expect = "policy",
}

-- NET-1: what goes wrong on a connection goes wrong behind TLS, too.
for _, name in ipairs { "close", "reset" } do
  scenario("network/tls/https/" .. name) {
    when   = profile.retries_network,
    rules  = { "NET-1" },
    given  = { https = true, events = 1 },
    server = { fault { name }, answer { 200 } },
    expect = "policy",
  }
end

scenario "network/tls/https/hang" {
  when   = profile.retries_network,
  rules  = { "NET-1", "NET-2" },
  given  = { https = true, events = 1, config = { timeout = "1s" } },
  server = { hang {}, answer { 200 } },
  expect = "policy",
}

-- A connection that carried an answer dies idle.
scenario "network/tls/https/dead-connection" {
  rules  = { "NET-3" },
  given  = { https = true,
    sequences = { { events = 1 }, { events = 1, delay = "700ms" } } },
  server = { fault "close-idle", answer { 200 } },
  expect = profile.retries_network
    and { attempts = 2, delivered = "all", success = true } or nil,
}
