-- expect: 4: a/b: server[1].step_clock.after: found 3; allowed: a duration such as "250ms", "2s", "1.5s" or "3m"
scenario "a/b" {
  rules = { "RA-1" },
  server = answer { 200, step_clock = { by = "-1h", after = 3 } },
  clock = "jump",
}
