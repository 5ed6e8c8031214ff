-- AUTH-1: Without OAuth, every request carries Authorization: Basic
-- base64(writeKey + ":").
local keys = {
  short     = "k",
  plain     = "retrial-write-key",
  padded    = "ab",
  punctuated = "key-._~!$&'()*+,;=@/?",
  long      = string.rep("0123456789abcdef", 16),
}

for name, key in pairs(keys) do
  scenario("authorization/basic/" .. name) {
    rules  = { "AUTH-1" },
    given  = { events = 1, write_key = key },
    server = { answer { 200 } },
    expect = "policy",
  }
end
