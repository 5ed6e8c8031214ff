-- A wait that only a clock which jumps makes bearable.
scenario "use/jump" {
  rules  = { "RA-1" },
  given  = { events = 1 },
  server = { answer { 429, retry_after = 299 }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
  clock  = "jump",
  limit  = "2h",
}
