-- expect: 2: a/b: given.sequences[1].delay: found "2h"; allowed: at most 60 minutes, or 6000 with clock = "jump"
scenario "a/b" {
  rules = { "RA-1" },
  given = { sequences = { { events = 1, delay = "2h" } } },
  server = answer { 200 },
}
