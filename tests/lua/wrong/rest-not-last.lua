-- expect: 6: a/b: server[2]: comes after rest, which takes all further requests; allowed: rest as the last step
scenario "a/b" {
  rules = { "RA-1" },
  server = {
    rest(answer { 503 }),
    answer { 200 },
  },
}
