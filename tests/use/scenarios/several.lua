-- Three clients at once, an event each.
scenario "use/several" {
  rules  = { "DELIVER-1" },
  given  = { clients = 3 },
  server = answer { 200 },
  limit  = "4s",
}
