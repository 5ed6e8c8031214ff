-- expect: 4: a/b: server[1]: found nothing; allowed: a fault's name; `retrial list faults` has them
scenario "a/b" {
  rules = { "RA-1" },
  server = { fault {} },
}
