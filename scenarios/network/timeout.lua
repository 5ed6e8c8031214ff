-- NET-2: A request that gets no whole answer is given up, and closed, after the
-- client's request timeout. (each-fault.lua has the silences that follow half
-- an answer, or come before there is a request.)
for _, timeout in ipairs { "1s", "2s" } do
  scenario("network/timeout/" .. timeout) {
    when   = profile.retries_network,
    rules  = { "NET-2", "NET-1" },
    given  = { events = 1, config = { timeout = timeout } },
    server = { hang {}, answer { 200 } },
    expect = "policy",
  }
end

-- What comes, comes too late, or never to an end.
local rest_of_body = ("x"):rep(1000)
local late = {
  ["late-answer"] = answer { 200, delay = "20s" },
  ["drip-headers"] = fault { "drip-headers", every = "100ms",
    headers = { ["X-Long"] = rest_of_body } },
  ["drip-body"] = fault { "drip-body", every = "100ms", body = rest_of_body },
}

for name, step in pairs(late) do
  scenario("network/timeout/" .. name) {
    when   = profile.retries_network,
    rules  = { "NET-2", "DELIVER-1" },
    given  = { events = 1, config = { timeout = "1s" } },
    server = { step, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

-- Each time anew, and no request is left open beside its retry.
scenario "network/timeout/three-times" {
  when   = profile.retries_network,
  rules  = { "NET-2", "NET-1", "BACK-1", "COUNT-3" },
  given  = { events = 1, config = { timeout = "1s" } },
  server = { hang {}, fault "stall-headers", fault "stall-body", answer { 200 } },
  expect = "policy",
}

-- An answer that comes within the timeout is waited for.
scenario "network/timeout/slow-answer" {
  rules  = { "DELIVER-2", "STATUS-1" },
  given  = { events = 1, config = { timeout = "4s" } },
  server = { answer { 200, delay = "2s" } },
  expect = "policy",
}
