-- Wrong whatever the client does.
scenario "use/mistaken/rule" {
  rules  = { "BACK-4" },
  given  = { events = 1 },
  server = { answer { 200 } },
}

scenario "use/mistaken/check" {
  rules  = { "DELIVER-1" },
  given  = { events = 1 },
  server = { answer { 200 } },
  check  = function(record) return record.attempts[9].status end,
}

scenario "use/mistaken/decide" {
  rules  = { "DELIVER-1" },
  given  = { events = 1 },
  server = { decide = function() return nil end },
}
