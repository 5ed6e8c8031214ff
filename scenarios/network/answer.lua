-- NET-1: Cut short by an RST: a counted retry, as by a FIN (each-fault.lua),
-- whatever status was read before.
local failing = profile.failing

for _, name in ipairs { "cut-status-line", "cut-headers", "cut-body",
    "cut-chunks" } do
  scenario("network/" .. name .. "/once/by-reset") {
    when   = profile.retries_network,
    rules  = { "NET-1", "COUNT-2", "BACK-1" },
    server = { fault { name, by = "reset" }, answer { 200 } },
    expect = "policy",
  }
end

-- STATUS-1: What is whole is read for what it says, however it came.
for _, name in ipairs { "reason-own", "reason-none", "drip-headers",
    "drip-body", "continue-first", "processing-first", "hints-first" } do
  scenario("network/" .. name .. "/delivered") {
    rules  = { "STATUS-1", "DELIVER-2" },
    server = { fault { name }, answer { 200 } },
    expect = { attempts = 1, delivered = "all", success = true },
  }
end

-- What right clients read differently: none crashes or hangs on it, and the
-- next answer is taken for what it is.
for _, name in ipairs { "wrong-version", "status-99", "status-1000",
    "status-word", "no-colon", "folded-header", "nul-header", "huge-header",
    "many-headers", "two-lengths", "length-twice", "length-word",
    "length-and-chunks", "body-too-long", "false-gzip",
    "answer-then-reset", "endless-body", "huge-body" } do
  scenario("network/" .. name .. "/survived") {
    rules  = { "DELIVER-1", "DELIVER-3" },
    given  = {
      sequences = { { events = 1 }, { events = 1, delay = "200ms" } },
      config    = { timeout = "1s" },
    },
    server = {
      answer { failing },
      with_event = { [1] = { answer { failing }, fault { name } } },
    },
    expect = profile.retries(failing) and { attempts = { 3, 5 } } or nil,
  }
end
