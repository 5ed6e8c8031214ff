-- AUTH-2: With OAuth configured, every request carries Authorization: Bearer
-- and a token, and no Basic. AUTH-7: One token serves them all.
scenario "authorization/bearer/one-event" {
  when   = profile.oauth,
  rules  = { "AUTH-2" },
  given  = { events = 1 },
  server = { answer { 200 }, token = rest(answer { 200 }) },
  expect = { attempts = 1, delivered = "all", success = true },
}

scenario "authorization/bearer/batches" {
  when   = profile.oauth,
  rules  = { "AUTH-2", "AUTH-7" },
  given  = { sequences = { { events = 1 }, { events = 1, delay = "200ms" },
             { events = 1, delay = "200ms" } } },
  server = { rest(answer { 200 }), token = rest(answer { 200 }) },
  expect = { attempts = 3, delivered = "all", success = true },
}

scenario "authorization/bearer/retries" {
  when   = profile.oauth,
  rules  = { "AUTH-2", "AUTH-3", "AUTH-7" },
  given  = { events = 1 },
  server = { answer { profile.failing }, fault "reset", answer { 200 },
             token = rest(answer { 200 }) },
  expect = { attempts = 3, delivered = "all", success = true },
}

-- Eight batches that come at once, and then eight again.
scenario "authorization/bearer/workers" {
  when   = profile.oauth,
  rules  = { "AUTH-2", "AUTH-7" },
  given  = { sequences = { { events = 8 }, { events = 8, delay = "500ms" } },
             config = { flushAt = 1, workers = 8 } },
  server = { rest(answer { 200, delay = "100ms" }),
             token = rest(answer { 200, delay = "100ms" }) },
  expect = { attempts = 16, delivered = "all", success = true },
}

-- A token of four seconds: the second batch comes in its first quarter, the
-- third long after its end.
scenario "authorization/bearer/expiry" {
  when   = profile.oauth,
  rules  = { "AUTH-2", "AUTH-7" },
  given  = { sequences = { { events = 1 }, { events = 1, delay = "500ms" },
             { events = 1, delay = "6s" } } },
  server = { rest(answer { 200 }),
             token = rest(answer { 200, expires_in = 4 }) },
  expect = { attempts = 3, delivered = "all", success = true },
}
