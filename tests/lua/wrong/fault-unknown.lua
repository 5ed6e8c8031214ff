-- expect: 4: a/b: server[1]: unknown fault "rest"; did you mean reset? `retrial list faults` has them
scenario "a/b" {
  rules = { "RA-1" },
  server = { fault "rest" },
}
