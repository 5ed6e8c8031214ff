-- expect: 3: a/b: clock: found nothing, where summer_time sets the clock; allowed: "jump"
-- Time does not jump there, and no clock can be set.
scenario "a/b" {
  rules = { "RA-1" },
  summer_time = { begins_in = "2m" },
}
