-- expect: 3: a/b: clock: found nothing, where a step has step_clock; allowed: "jump", the one clock that can be set
-- The kernel's clock is nobody's to set.
scenario "a/b" {
  rules = { "RA-1" },
  server = answer { 200, step_clock = { by = "1h" } },
}
