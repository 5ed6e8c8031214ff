-- Long waits, where time jumps; and what only real time shows.
scenario "clock/jump" {
  rules  = { "RA-3" },
  given  = { sequences = { { events = 1 }, { events = 1, delay = "2h" } } },
  server = { answer { 429, retry_after = 86400 } },
  clock  = "jump",
  limit  = "25h",
}

scenario "clock/real" {
  rules = { "RA-3" },
  clock = "real",
}

scenario "clock/set" {
  rules  = { "RA-1" },
  server = {
    answer { 429, retry_after = 250, step_clock = { by = "-1h", after = "100s" } },
    hang { step_clock = { by = "13h" } },
  },
  clock  = "jump",
}

scenario "clock/summer-time" {
  rules  = { "RA-1" },
  clock  = "jump",
  summer_time = { ends_in = "2m" },
}
