-- expect: 2: a/b: given.clients: found 17; allowed: an integer from 1 to 16
scenario "a/b" {
  rules = { "RA-1" },
  given = { clients = 17 },
}
