-- NET-1, STATUS-4: Each fault there is, in three ways: once and then a
-- success; for ever; once, and then a refusal that is final.
--
-- What a right client takes the fault for says what must follow. Where it may
-- take the answer that comes with it, that is a 503, so that the answer and a
-- failure to read it ask for the same; where it may not, it is a 200, which is
-- no success. tests/faults.py holds that no fault is left out.

local of_its_own = { -- written out below: they cannot be had in all three ways
  ["refuse"] = true, ["body-after-204"] = true,
}

local long = { ["open-late"] = "20s", ["ignore-syn"] = "20s" } -- is for ever

-- Nothing ends there until the client ends it.
local function waits(known)
  return known.taken_for == "silence" or known.name == "endless-body"
end

local function given(known, retries)
  return {
    -- Whoever reads a part of a body needs one that has parts.
    events = known.family == "request" and 20 or 1,
    https  = known.over == "tls",
    config = {
      timeout = waits(known) and "1s" or nil,
      maxRetries = retries and profile.retries_as(retries),
    },
  }
end

local function may_be_read(known)
  return known.status
    and (known.taken_for == "answer" or known.taken_for == "either")
end

local function name_of(known)
  local tls = known.over == "tls" or known.family == "tls"
  return (tls and "network/tls/" or "network/") .. known.name
end

local failing, refusing = profile.failing, profile.refusing

-- Where right clients may differ after a failure, nobody can say what comes of
-- it.
local function retried(expectation)
  return profile.retries_network and profile.retries(failing) and expectation
    or nil
end

-- The fault with its answer, if it has one.
local function played(known, words)
  local said = { known.name, status = may_be_read(known) and failing or nil }
  for word, value in pairs(words or {}) do
    said[word] = value
  end
  return fault(said)
end

-- NET-4, NET-5: What is not to be trusted is told nothing.
local forbids = {
  ["tls-expired"] = "NET-4", ["tls-not-yet-valid"] = "NET-4",
  ["tls-wrong-host"] = "NET-4", ["tls-self-signed"] = "NET-4",
  ["tls-unknown-ca"] = "NET-4", ["tls-old-version"] = "NET-5",
}

-- NET-2: What is silent is given up in time.
local function beside(known)
  return forbids[known.name] or known.taken_for == "silence" and "NET-2" or nil
end

-- Whether a client's retries, as many as it has by default, last for so many
-- seconds.
local function outlasts(seconds)
  local waits = profile.waits(math.min(20, profile.retries_default or 20))
  return waits ~= nil and waits.least > seconds
end

-- A connection that carries no request leaves nothing of it in the record. What
-- one says before it was asked, a 408, is an answer to some.
local function of_connection(known)
  local name = name_of(known)
  local certain = known.taken_for ~= "either" or profile.retries(408)
  local retried_late = known.family ~= "port" or outlasts(3)
  scenario(name .. "/once") {
    when   = certain and retried_late and profile.retries_network,
    rules  = known.family == "port" and { "DELIVER-1" }
      or { "NET-1", "DELIVER-1", beside(known) },
    given  = given(known),
    server = { on_connection = { [1] = played(known) }, answer { 200 } },
    expect = retried {
      attempts = 1, delivered = "all", success = true,
    },
  }

  local lasts = long[known.name]
  scenario(name .. "/for-ever") {
    when   = certain,
    rules  = known.family == "port" and { "DELIVER-4" }
      or { "NET-1", "DELIVER-4", beside(known) },
    given  = given(known, 1),
    server = { on_connection = {
      [1] = lasts and played(known, { lasts = lasts }) or rest(played(known)),
    } },
    expect = { attempts = 0, delivered = "none", success = false },
  }

  scenario(name .. "/then-refused") {
    when   = certain and retried_late and profile.retries_network and profile.drops(refusing),
    rules  = { profile.rule(refusing), "DELIVER-4" },
    given  = given(known),
    server = { on_connection = { [1] = played(known) }, rest(answer { refusing }) },
    expect = retried {
      attempts = 1, delivered = "none", success = false,
    },
  }
end

-- The rule that asks for the retry, and the others. Who has an early answer
-- may go before its body was read: then nobody knows whose it was.
local function rules_of(known, ...)
  if known.name:match "^early%-" then
    return { ... }
  end
  if known.taken_for == "silence" then
    return { "NET-1", "NET-2", ... }
  end
  return { known.taken_for == "answer" and profile.rule(failing) or "NET-1", ... }
end

-- A kept connection that has died may swallow a retry, and that was one.
local function for_ever_of(known)
  if known.family == "after" then
    return 2, { 2, 3 }
  end
  return 1, 2
end

local function of_request(known)
  local name = name_of(known)
  scenario(name .. "/once") {
    rules  = rules_of(known, "DELIVER-1"),
    given  = given(known),
    server = { played(known), answer { 200 } },
    expect = retried { attempts = 2, delivered = "all", success = true },
  }

  local retries, attempts = for_ever_of(known)
  scenario(name .. "/for-ever") {
    rules  = rules_of(known, "DELIVER-4"),
    given  = given(known, retries),
    server = rest(played(known)),
    expect = retried {
      attempts = attempts, delivered = "none", success = false,
    },
  }

  scenario(name .. "/then-refused") {
    when   = profile.drops(refusing)
      and (known.taken_for == "answer" or profile.retries_network),
    rules  = rules_of(known, profile.rule(refusing)),
    given  = given(known),
    server = { played(known), rest(answer { refusing }) },
    expect = retried { attempts = 2, delivered = "none", success = false },
  }
end

-- An answer to some and a failure to others, and no status that is both.
local function of_no_status(known)
  local name = name_of(known)
  scenario(name .. "/once") {
    rules  = { "DELIVER-1" },
    server = { played(known), answer { 200 } },
    expect = { attempts = { 1, 2 } },
  }

  scenario(name .. "/for-ever") {
    rules  = { "DELIVER-1" },
    given  = given(known, 1),
    server = rest(played(known)),
    expect = { attempts = { 1, 2 } },
  }

  scenario(name .. "/then-refused") {
    when   = profile.drops(refusing),
    rules  = { "DELIVER-1" },
    server = { played(known), rest(answer { refusing }) },
    expect = { attempts = { 1, 2 } },
  }
end

local function family_of(known)
  if known.of_connection then
    return of_connection
  elseif known.taken_for == "either" and not known.status then
    return of_no_status
  end
  return of_request
end

for _, known in ipairs(faults()) do
  if not of_its_own[known.name] then
    family_of(known)(known)
  end
end

scenario "network/refuse/for-ever" {
  about  = "A port that is shut for good: there is no once and no afterwards.",
  rules  = { "DELIVER-4" },
  given  = { config = { maxRetries = profile.retries_as(1) } },
  server = { on_connection = { [1] = fault "refuse" } },
  expect = { attempts = 0, delivered = "none", success = false },
}

scenario "network/refuse/between" {
  about  = "Nobody listens any more when the retry comes.",
  rules  = { "DELIVER-1" },
  given  = { config = { maxRetries = profile.retries_as(1) } },
  server = {
    on_connection = { [2] = fault "refuse" },
    answer { failing, headers = { ["Connection"] = "close" } },
  },
  expect = retried { attempts = 1, delivered = "none", success = false },
}

-- STATUS-1: A 204 is a success, whatever follows it.
local two = { { events = 1 }, { events = 1, delay = "200ms" } }

scenario "network/body-after-204/once" {
  when   = profile.delivers(204),
  rules  = { "STATUS-1", "DELIVER-2" },
  server = { fault "body-after-204", answer { 200 } },
  expect = "policy",
}

scenario "network/body-after-204/for-ever" {
  when   = profile.delivers(204),
  rules  = { "STATUS-1", "DELIVER-2" },
  given  = { sequences = two },
  server = rest(fault "body-after-204"),
  expect = "policy",
}

scenario "network/body-after-204/then-refused" {
  when   = profile.delivers(204) and profile.drops(refusing),
  rules  = { profile.rule(refusing), "DELIVER-2", "DELIVER-4" },
  given  = { sequences = two },
  server = { fault "body-after-204", rest(answer { refusing }) },
  expect = { attempts = 2, delivered = 1, success = false },
}
