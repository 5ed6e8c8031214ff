-- expect: 4: a/b: server[1]: found 0; allowed: an integer from 1 to 100000
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200 } * 0 },
}
