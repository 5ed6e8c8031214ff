-- DELIVER-1, with a short life, for the clients of tests/use.
scenario "use/one" {
  rules  = { "DELIVER-1" },
  given  = { events = 1 },
  server = { answer { 200 } },
  limit  = "2s",
}
