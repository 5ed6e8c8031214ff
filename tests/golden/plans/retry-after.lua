-- Each way to write a Retry-After.
local values = {
  { "seconds", 2 },
  { "negative", -1 },
  { "signed", "+5" },
  { "padded", " 7 " },
  { "junk", "120junk" },
  { "empty", "" },
  { "two-fields", { 1, "2" } },
  { "date", date { offset = "3s" } },
  { "date-rfc850", date { form = "rfc850", offset = 3 } },
  { "date-asctime-past", date { form = "asctime", offset = "-1h" } },
}

for _, value in ipairs(values) do
  scenario("retry-after/" .. value[1]) {
    rules  = { "RA-1" },
    server = { answer { 429, retry_after = value[2] }, answer { 200 } },
    expect = { attempts = 2, delivered = "all" },
  }
end
