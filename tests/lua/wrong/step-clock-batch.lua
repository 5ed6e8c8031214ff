-- expect: 2: a/b: server.each_batch[1].step_clock: sets the clock with each batch; allowed: in a list that is played once
scenario "a/b" {
  rules = { "RA-1" },
  server = { each_batch = { answer { 200, step_clock = { by = "-1h" } } } },
  clock = "jump",
}
