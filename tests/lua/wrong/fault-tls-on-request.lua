-- expect: 5: a/b: server[1]: tls-stall strikes before there is a request; allowed: as the first step of on_connection = { [number] = ... }
scenario "a/b" {
  rules = { "NET-1" },
  given = { https = true },
  server = { fault { "tls-stall", after = 5 } },
}
