-- RA-10: All three HTTP-date forms are honoured; a client that does not must
-- treat them as absent.
local limiting = profile.limiting

for _, form in ipairs { "imf", "rfc850", "asctime" } do
  scenario("retry-after/date/" .. form) {
    rules  = { "RA-10" },
    given  = { events = 1 },
    server = {
      answer { limiting, retry_after = date { form = form, offset = "4s" } },
      answer { 200 },
    },
    expect = "policy",
  }
end

-- RA-9: a date that has passed asks for no wait; it never makes a tight loop.
local gone = { ["past"] = "-1h", ["long-past"] = "-100000h", ["now"] = 0 }

for name, offset in pairs(gone) do
  scenario("retry-after/date/" .. name) {
    rules  = { "RA-9" },
    given  = { events = 1 },
    server = {
      answer { limiting, retry_after = date { form = "imf", offset = offset } },
      answer { 200 },
    },
    expect = "policy",
    limit  = "8s",
  }
end
