-- Whatever comes is answered 200.
scenario "open" {
  rules  = { "DELIVER-1" },
  given  = { events = 1 },
  server = rest(answer { 200 }),
}
