-- expect: 3: a/b: summer_time: found neither begins_in nor ends_in; allowed: one of them
-- Nothing changes.
scenario "a/b" {
  rules = { "RA-1" },
  clock = "jump",
  summer_time = {},
}
