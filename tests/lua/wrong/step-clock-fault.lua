-- expect: 4: a/b: server[1].step_clock: unknown word; allowed: times, delay
scenario "a/b" {
  rules = { "RA-1" },
  server = fault { "reset", step_clock = { by = "-1h" } },
  clock = "jump",
}
