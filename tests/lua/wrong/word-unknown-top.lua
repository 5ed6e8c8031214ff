-- expect: 2: a/b: sever: unknown word; did you mean server? allowed: about, when, rules, needs, given, server, expect, check, limit, observe, clock, summer_time
scenario "a/b" {
  rules = { "RA-1" },
  sever = {},
}
