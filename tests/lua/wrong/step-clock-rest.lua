-- expect: 4: a/b: server[1].step_clock: sets the clock as often as it is played; allowed: in a step that is played once
scenario "a/b" {
  rules = { "RA-1" },
  server = rest(answer { 200, step_clock = { by = "-1h" } }),
  clock = "jump",
}
