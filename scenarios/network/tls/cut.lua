-- STATUS-1: What is whole by its length is whole, announced or not.
local failing = profile.failing

scenario "network/tls/tls-no-notify/delivered" {
  rules  = { "STATUS-1", "DELIVER-2" },
  given  = { https = true },
  server = { fault "tls-no-notify", answer { 200 } },
  expect = "policy",
}

-- What has no length is whole only if its end was announced (RFC 9112, 9.8);
-- few clients are told by their library. None is confused by it.
scenario "network/tls/tls-cut-end/survived" {
  rules  = { "DELIVER-1", "DELIVER-3" },
  given  = {
    https = true,
    sequences = { { events = 1 }, { events = 1, delay = "200ms" } },
  },
  server = {
    answer { failing },
    with_event = { [1] = { answer { failing }, fault "tls-cut-end" } },
  },
  expect = profile.retries(failing) and { attempts = { 3, 5 } } or nil,
}
