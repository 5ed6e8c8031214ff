-- NET-1: Cut short, garbled: a counted retry, whatever status was read before.
local function once(name, words)
  words[1] = name
  local by = words.by and "/by-" .. words.by or ""
  scenario("network/" .. name .. "/once" .. by) {
    rules  = { "NET-1", "COUNT-2", "BACK-1" },
    server = { fault(words), answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

for _, by in ipairs { "close", "reset" } do
  once("cut-status-line", { by = by })
  once("cut-headers", { by = by })
  once("cut-body", { by = by })
  once("cut-chunks", { by = by })
end
for _, name in ipairs { "garbage", "chunk-size-junk", "chunk-too-long" } do
  once(name, {})
end

for _, name in ipairs { "stall-headers", "stall-body" } do
  scenario("network/" .. name .. "/once") {
    rules  = { "NET-1", "COUNT-2" },
    given  = { config = { timeout = "1s" } },
    server = { fault { name }, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

scenario "network/cut-body/for-ever" {
  about  = "A 200 that is never whole is no success.",
  rules  = { "NET-1", "BUDGET-1", "DELIVER-4" },
  given  = { config = { maxRetries = 1 } },
  server = rest(fault "cut-body"),
  expect = { attempts = 2, delivered = "none", success = false },
}

-- STATUS-1, STATUS-4: What is whole is read for what it says, however it came.
for _, name in ipairs { "reason-own", "reason-none", "drip-headers",
    "drip-body", "continue-first", "processing-first", "hints-first" } do
  scenario("network/" .. name .. "/delivered") {
    rules  = { "STATUS-1", "DELIVER-2" },
    server = { fault { name }, answer { 200 } },
    expect = { attempts = 1, delivered = "all", success = true },
  }

  scenario("network/" .. name .. "/retried") {
    rules  = { "STATUS-4", "BACK-1" },
    server = { fault { name, status = 503 }, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

scenario "network/body-after-204/delivered" {
  rules  = { "STATUS-1", "DELIVER-2" },
  server = { fault "body-after-204", answer { 200 } },
  expect = { attempts = 1, delivered = "all", success = true },
}

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
      answer { 503 }, with_event = { [1] = { answer { 503 }, fault { name } } },
    },
    expect = { attempts = { 3, 5 } },
  }
end
