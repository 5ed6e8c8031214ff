-- expect: 2: a/b: expect.attempt: unknown word; did you mean attempts? allowed: attempts, delivered, success
scenario "a/b" {
  rules = { "RA-1" },
  expect = { attempt = 1 },
}
