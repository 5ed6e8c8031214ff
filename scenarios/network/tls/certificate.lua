-- NET-1: TLS failure: a counted retry. A server that shows a certificate which
-- no client may accept fails the connection, and is told nothing.
for _, name in ipairs { "tls-expired", "tls-not-yet-valid", "tls-wrong-host",
    "tls-self-signed", "tls-unknown-ca" } do
  scenario("network/tls/" .. name .. "/once") {
    rules  = { "NET-1", "DELIVER-1" },
    given  = { https = true },
    server = { on_connection = { [1] = fault { name } }, answer { 200 } },
    expect = { attempts = 1, delivered = "all", success = true },
  }

  scenario("network/tls/" .. name .. "/for-ever") {
    rules  = { "NET-1", "DELIVER-4" },
    given  = { https = true, config = { maxRetries = 1 } },
    server = { on_connection = { [1] = rest(fault { name }) } },
    expect = { attempts = 0, delivered = "none", success = false },
  }
end

scenario "network/tls/tls-expired/between" {
  about  = "A 503 first, and no connection is kept: the retry meets another "
    .. "certificate, and goes on counting.",
  rules  = { "NET-1", "COUNT-2" },
  given  = { https = true },
  server = {
    on_connection = { [2] = fault "tls-expired" },
    answer { 503, headers = { ["Connection"] = "close" } }, answer { 200 },
  },
  expect = { attempts = 2, delivered = "all", success = true },
}
