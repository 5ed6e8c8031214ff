-- DELIVER-1, with a long life, for the clients of tests/use.
scenario "use/long" {
  rules  = { "DELIVER-1" },
  given  = { events = 1 },
  server = { answer { 200 } },
  limit  = "20s",
}
