-- Several clients at once: events are shared out, sequences dealt.
scenario "clients/events" {
  rules  = { "BACK-4" },
  given  = { clients = 3, events = 7 },
  server = { each_batch = { answer { 503 }, answer { 200 } } },
}

scenario "clients/sequences" {
  rules = { "BACK-4" },
  given = {
    clients   = 2,
    sequences = { { events = 2 }, { events = 1, delay = "1s" },
                  { events = 3, delay = "250ms" } },
  },
}
