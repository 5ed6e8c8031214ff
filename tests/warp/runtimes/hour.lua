-- The answer comes after an hour.
scenario "warp/hour" {
  rules  = { "STATUS-1" },
  server = answer { 200, delay = "1h" },
  expect = { attempts = 1, delivered = "all", success = true },
  clock  = "jump",
  limit  = "2h",
}
