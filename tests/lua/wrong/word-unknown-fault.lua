-- expect: 4: a/b: server[1].after: unknown word; allowed: times, delay
scenario "a/b" {
  rules = { "RA-1" },
  server = { fault { "reset", after = "1s" } },
}
