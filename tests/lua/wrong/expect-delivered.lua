-- expect: 2: a/b: expect.delivered: found 3; allowed: "all", "none", 0 to 2, or {least, most}
scenario "a/b" {
  rules = { "RA-1" },
  given = { events = 2 },
  expect = { delivered = 3 },
}
