-- AUTH-5: Credentials never reach another origin, whatever a redirect says. An
-- origin is scheme, host and port (RFC 6454): who has another port alone is
-- another, and so is who has another host alone.
local others = { ["authorization/redirect/"] = "elsewhere",
  ["authorization/redirect/another-host/"] = "another-host" }

-- The ingest is asked once; what follows at the other origin is not its.
local function after(status)
  return profile.delivers(status)
    and { attempts = 1, delivered = "all", success = true } or nil
end

for family, location in pairs(others) do
  for _, status in ipairs { 301, 302, 303, 307, 308 } do
    scenario(family .. status) {
      rules  = { "AUTH-5", profile.rule(status) },
      given  = { events = 1 },
      server = { answer { status, location = location },
                 rest(answer { 200 }) },
      expect = after(status),
    }
  end

  scenario(family .. "bearer") {
    when   = profile.oauth,
    rules  = { "AUTH-5", "AUTH-2" },
    given  = { events = 1 },
    server = { answer { 307, location = location },
               token = rest(answer { 200 }) },
    expect = after(307),
  }

  scenario(family .. "https") {
    rules  = { "AUTH-5", profile.rule(308) },
    given  = { events = 1, https = true },
    server = { answer { 308, location = location }, rest(answer { 200 }) },
    expect = after(308),
  }
end
