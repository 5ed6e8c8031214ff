-- RA-9: Negative, decimal, empty, overflowing, signed, with trailing junk or
-- duplicated: as if absent, or clamped; no crash, no hang, no early attempt.
local limiting = profile.limiting
-- Elsewhere a value of which some readings are over the cap asks for no wait.
local clamps = profile.retry_after_over_cap == "clamp"
local absent = {
  ["negative"]       = -1,
  ["very-negative"]  = "-9223372036854775808",
  ["decimal"]        = "1.5",
  ["comma"]          = "1,5",
  ["signed"]         = "+5",
  ["trailing-junk"]  = "120junk",
  ["trailing-unit"]  = "5s", -- longer than any law is for a first wait
  ["hexadecimal"]    = "0x10",
  ["exponent"]       = "1e3",
  ["empty"]          = "",
  ["words"]          = "soon",
  ["iso-date"]       = "2099-11-23T00:00:00Z",
  ["half-a-date"]    = "Sun, 06 Nov",
  ["no-such-date"]   = "Sun, 31 Feb 2099 08:49:37 GMT",
}

for name, value in pairs(absent) do
  scenario("retry-after/junk/" .. name) {
    when   = name ~= "decimal" or profile.retry_after_decimals ~= "honoured",
    rules  = { "RA-9" },
    given  = { events = 1 },
    server = { answer { limiting, retry_after = value }, answer { 200 } },
    expect = "policy",
    limit  = "8s",
  }
end

-- As if absent, or the cap: both are right; an attempt before the backoff is
-- not. A client that takes the cap is not waited for.
local huge = {
  ["2-to-the-31"] = "2147483648",
  ["2-to-the-32"] = "4294967297",
  ["2-to-the-63"] = "9223372036854775808",
  ["2-to-the-64"] = "18446744073709551617",
  ["20-digits"]   = "99999999999999999999",
  ["400-digits"]  = string.rep("9", 400),
}

for name, value in pairs(huge) do
  scenario("retry-after/junk/" .. name) {
    when    = clamps,
    rules   = { "RA-9" },
    given   = { events = 1 },
    server  = { answer { limiting, retry_after = value }, answer { 200 } },
    observe = "2s",
  }
end

scenario "retry-after/junk/two-headers" {
  rules  = { "RA-9" },
  given  = { events = 1 },
  server = { answer { limiting, retry_after = { 1, 2 } }, answer { 200 } },
  expect = "policy",
}

scenario "retry-after/junk/number-and-junk" {
  rules  = { "RA-9" },
  given  = { events = 1 },
  server = { answer { limiting, retry_after = { "later", 1 } }, answer { 200 } },
  expect = "policy",
}
