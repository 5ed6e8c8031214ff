-- expect: 2: a/b: clock: found 1; allowed: "either", "real", "jump"
scenario "a/b" {
  rules = { "RA-1" },
  clock = 1,
}
