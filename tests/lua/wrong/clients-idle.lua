-- expect: 2: a/b: given.events: found 3 for 4 clients; allowed: at least one each
scenario "a/b" {
  rules = { "RA-1" },
  given = { clients = 4, events = 3 },
}
