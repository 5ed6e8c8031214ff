-- expect: 2: a/b: expect.success: found "true"; allowed: true or false
scenario "a/b" {
  rules = { "RA-1" },
  expect = { success = "true" },
}
