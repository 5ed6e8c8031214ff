-- NET-4: Nothing is said to a server whose certificate is not to be trusted.
-- NET-1: TLS failure: a counted retry. (each-fault.lua has the plain cases.)
scenario "network/tls/tls-expired/between" {
  when   = profile.retries_network and profile.retries(profile.failing),
  about  = "A 503 first, and no connection is kept: the retry meets another "
    .. "certificate, and goes on counting.",
  rules  = { "NET-4", "NET-1", "COUNT-2" },
  given  = { https = true },
  server = {
    on_connection = { [2] = fault "tls-expired" },
    answer { profile.failing, headers = { ["Connection"] = "close" } }, answer { 200 },
  },
  expect = { attempts = 2, delivered = "all", success = true },
}

scenario "network/tls/tls-wrong-host/token" {
  about  = "Who asks for a token shows credentials, too.",
  when   = profile.oauth,
  rules  = { "NET-4", "DELIVER-1" },
  given  = { https = true },
  server = {
    on_connection = { [1] = fault { "tls-wrong-host", times = 2 } },
    token = answer { 200, expires_in = 3600 },
    answer { 200 },
  },
  expect = { attempts = 1, delivered = "all", success = true },
}
