-- NET-2: A request that gets no answer is given up after the client's request
-- timeout.
for _, timeout in ipairs { "1s", "2s" } do
  scenario("network/timeout/" .. timeout) {
    rules  = { "NET-2", "NET-1" },
    given  = { events = 1, config = { timeout = timeout } },
    server = { hang {}, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

-- An answer that comes within the timeout is waited for.
scenario "network/timeout/slow-answer" {
  rules  = { "DELIVER-2", "STATUS-1" },
  given  = { events = 1, config = { timeout = "4s" } },
  server = { answer { 200, delay = "2s" } },
  expect = { attempts = 1, delivered = "all", success = true },
}
