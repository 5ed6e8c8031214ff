-- NET-1: Cut short: a counted retry, announced or not.
scenario "network/tls/tls-cut-body/once" {
  rules  = { "NET-1", "COUNT-2", "BACK-1" },
  given  = { https = true },
  server = { fault "tls-cut-body", answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}

scenario "network/tls/tls-cut-body/for-ever" {
  about  = "A 200 that is never whole is no success.",
  rules  = { "NET-1", "BUDGET-1", "DELIVER-4" },
  given  = { https = true, config = { maxRetries = 1 } },
  server = rest(fault "tls-cut-body"),
  expect = { attempts = 2, delivered = "none", success = false },
}

-- STATUS-1, STATUS-4: What is whole by its length is whole, announced or not.
scenario "network/tls/tls-no-notify/delivered" {
  rules  = { "STATUS-1", "DELIVER-2" },
  given  = { https = true },
  server = { fault "tls-no-notify", answer { 200 } },
  expect = { attempts = 1, delivered = "all", success = true },
}

scenario "network/tls/tls-no-notify/retried" {
  rules  = { "STATUS-4", "BACK-1" },
  given  = { https = true },
  server = { fault { "tls-no-notify", status = 503 }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
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
    answer { 503 },
    with_event = { [1] = { answer { 503 }, fault "tls-cut-end" } },
  },
  expect = { attempts = { 3, 5 } },
}
