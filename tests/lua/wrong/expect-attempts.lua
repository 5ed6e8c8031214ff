-- expect: 2: a/b: expect.attempts: found -1; allowed: 0 to 100000, or {least, most}
scenario "a/b" {
  rules = { "RA-1" },
  expect = { attempts = -1 },
}
