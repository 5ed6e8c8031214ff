-- expect: 2: a/b: server.decide: comes after rest, which takes all further requests; allowed: one of the two
scenario "a/b" {
  rules = { "RA-1" },
  server = { rest(answer { 503 }), decide = function() end },
}
