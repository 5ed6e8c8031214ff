-- expect: 4: a/b: server[1]: found the status twice; allowed: { 429 } or { status = 429 }
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, status = 200 } },
}
