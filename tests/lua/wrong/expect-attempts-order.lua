-- expect: 2: a/b: expect.attempts[2]: found 1; allowed: an integer from 3 to 100000
scenario "a/b" {
  rules = { "RA-1" },
  expect = { attempts = { 3, 1 } },
}
