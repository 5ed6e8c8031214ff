-- DELIVER-1: Every event is delivered at least once if the server accepts.
scenario "delivery/one-event" {
  rules  = { "DELIVER-1", "STATUS-1", "AUTH-1", "COUNT-1", "DELIVER-9" },
  given  = { events = 1 },
  server = { answer { 200 } },
  expect = "policy",
}
