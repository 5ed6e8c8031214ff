-- expect: 2: a/b: expect.attempts: found 3 values; allowed: {least, most}
scenario "a/b" {
  rules = { "RA-1" },
  expect = { attempts = { 1, 2, 3 } },
}
