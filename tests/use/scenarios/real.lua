-- A scenario that wants to be waited for.
scenario "use/real" {
  rules  = { "STATUS-1" },
  server = answer { 200 },
  expect = { attempts = 1, delivered = "all", success = true },
  clock  = "real",
}
