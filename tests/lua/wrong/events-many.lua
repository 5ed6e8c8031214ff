-- expect: 2: a/b: given.events: found 10001; allowed: an integer from 1 to 10000
scenario "a/b" {
  rules = { "RA-1" },
  given = { events = 10001 },
}
