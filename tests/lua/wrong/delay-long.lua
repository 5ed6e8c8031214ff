-- expect: 4: a/b: server[1].delay: found "2h"; allowed: at most 60 minutes
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 200, delay = "2h" } },
}
