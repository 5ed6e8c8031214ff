-- NET-1: TLS failure: a counted retry. A server that shows a certificate which
-- no client may accept fails the connection, and is told nothing. (each-fault.lua
-- has the plain cases.)
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
