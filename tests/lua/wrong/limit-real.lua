-- expect: 3: a/b: limit: found "2h"; allowed: at most 60 minutes, or 6000 with clock = "jump"
-- Only where time jumps nobody waits for it.
scenario "a/b" {
  rules = { "RA-1" },
  clock = "real",
  limit = "2h",
}
