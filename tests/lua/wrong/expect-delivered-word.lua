-- expect: 2: a/b: expect.delivered: found "al"; allowed: "all", "none", 0 to 1, or {least, most}
scenario "a/b" {
  rules = { "RA-1" },
  expect = { delivered = "al" },
}
