-- STATUS-7: The body of an error changes nothing: JSON without code or
-- message, HTML, empty, invalid UTF-8, huge.
local bodies = {
  ["no-code"]       = '{"oops":true}',
  ["null"]          = "null",
  ["array"]         = '["error"]',
  ["html"]          = "<!doctype html><title>Bad gateway</title>",
  ["empty"]         = "",
  ["invalid-utf8"]  = '{"message":"\xff\xfe\xc3"}',
  ["cut-json"]      = '{"code":"bad","mess',
  ["huge"]          = string.rep("x", 1000000),
}

for name, body in pairs(bodies) do
  scenario("status/body/" .. name .. "-on-500") {
    rules  = { "STATUS-7" },
    given  = { events = 1 },
    server = { answer { profile.failing, body = body }, answer { 200 } },
    expect = "policy",
  }
  scenario("status/body/" .. name .. "-on-400") {
    when   = profile.drops(profile.refusing),
    rules  = { "STATUS-7" },
    given  = { events = 1 },
    server = { rest(answer { profile.refusing, body = body }) },
    expect = "policy",
  }
end
