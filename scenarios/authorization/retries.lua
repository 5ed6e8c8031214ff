-- AUTH-3: Retries carry valid credentials too; the same ones unless the token
-- was renewed.
scenario "authorization/retries/after-500" {
  rules  = { "AUTH-1", "AUTH-3" },
  given  = { events = 1 },
  server = { answer { profile.failing } * 2, answer { 200 } },
  expect = "policy",
}

scenario "authorization/retries/after-retry-after" {
  rules  = { "AUTH-3", "RA-1" },
  given  = { events = 1 },
  server = { answer { 429, retry_after = 1 }, answer { 200 } },
  expect = "policy",
}

scenario "authorization/retries/after-reset" {
  when   = profile.retries_network,
  rules  = { "AUTH-3", "NET-1" },
  given  = { events = 1 },
  server = { fault { "reset" }, answer { 200 } },
  expect = "policy",
}
