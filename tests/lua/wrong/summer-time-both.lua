-- expect: 3: a/b: summer_time: found begins_in and ends_in; allowed: one of them
-- It cannot begin and end.
scenario "a/b" {
  rules = { "RA-1" },
  clock = "jump",
  summer_time = { begins_in = "2m", ends_in = "2m" },
}
