-- expect: 4: a/b: server[1].step_clock.by: found "0s"; allowed: at most 604800 seconds either way, not 0
scenario "a/b" {
  rules = { "RA-1" },
  server = answer { 200, step_clock = { by = "0s" } },
  clock = "jump",
}
