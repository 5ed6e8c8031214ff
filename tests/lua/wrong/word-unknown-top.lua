-- expect: 2: a/b: sever: unknown word; did you mean server? allowed: about, rules, needs, given, server, expect, check, limit, observe, clock
scenario "a/b" {
  rules = { "RA-1" },
  sever = {},
}
