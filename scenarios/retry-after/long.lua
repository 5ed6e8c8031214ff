-- Waits of minutes, once and then a success. Longer than any right client takes
-- is the limit: 26 h, or 40 h where a date is 30 h away.
local limiting, cap = profile.limiting, profile.retry_after_cap_s
local clamps = profile.retry_after_over_cap == "clamp"

local function waited(name, rules, value, limit)
  scenario("retry-after/long/" .. name) {
    when   = profile.hears(limiting),
    rules  = rules,
    given  = { events = 1 },
    server = { answer { limiting, retry_after = value }, answer { 200 } },
    expect = "policy",
    clock  = "jump",
    limit  = limit or "26h",
  }
end

-- RA-1, RA-2: up to the cap a Retry-After is waited for as it is.
local upto = math.floor(cap or 300)
for _, seconds in ipairs(upto >= 5 and { upto // 5, upto } or {}) do
  waited(seconds, { "RA-1", "RA-2" }, seconds)
end

-- RA-3: A value over the cap is taken as the profile says, be it a second over
-- it, or as many seconds as overflow 32 bits when they are made milliseconds of.
local over = {
  [tostring(upto + 1)] = upto + 1,
  ["a-day"]      = 86400,
  ["2-to-the-31-ms"] = 2147484,
  ["2-to-the-32-ms"] = 4294968,
  ["2147483647"] = 2147483647,
}

for name, seconds in pairs(cap and over or {}) do
  waited(name, { "RA-3" }, seconds)
end

-- RA-9: what overflows is taken as the cap, or as if absent. In the scenarios of
-- junk.lua nobody waits to see which.
local overflowing = {
  ["2-to-the-31"] = "2147483648",
  ["2-to-the-32"] = "4294967297",
  ["2-to-the-63"] = "9223372036854775808",
  ["2-to-the-64"] = "18446744073709551617",
  ["400-digits"]  = string.rep("9", 400),
}

for name, value in pairs(cap and clamps and overflowing or {}) do
  waited("overflow/" .. name, { "RA-9" }, value)
end

-- RA-10: a date in each of its forms; RA-3: and one that is hours away is the
-- cap, too, for whoever honours dates.
local dates = {
  ["4m"]  = { offset = math.min(240, upto), rules = { "RA-10" } },
  ["2h"]  = cap and clamps and {
    offset = 7200, rules = { "RA-10", cap < 7200 and "RA-3" },
  },
  ["30h"] = cap and clamps and {
    offset = 108000, rules = { "RA-10", cap < 108000 and "RA-3" },
  },
}

for _, form in ipairs { "imf", "rfc850", "asctime" } do
  for name, known in pairs(dates) do
    if known then
      waited("date/" .. form .. "-" .. name, known.rules,
        date { form = form, offset = known.offset }, "40h")
    end
  end
end
