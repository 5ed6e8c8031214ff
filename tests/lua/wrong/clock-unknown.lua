-- expect: 3: a/b: clock: unknown clock "jmup"; did you mean jump? allowed: either, real, jump
-- A clock that nobody has.
scenario "a/b" {
  rules = { "RA-1" },
  clock = "jmup",
}
