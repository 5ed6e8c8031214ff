-- expect: 4: a/b: server[1]: found nothing; allowed: a fault: close, reset, hang
scenario "a/b" {
  rules = { "RA-1" },
  server = { fault {} },
}
