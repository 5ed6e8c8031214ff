-- expect: 4: a/b: server[1][1]: found "reset" without a name; allowed: delay, times, step_clock
scenario "a/b" {
  rules = { "RA-1" },
  server = { hang { "reset" } },
}
