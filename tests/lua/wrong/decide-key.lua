-- expect: 2: a/b: server.decide: found a step; allowed: a function(request, memory)
scenario "a/b" {
  rules = { "RA-1" },
  server = { decide = answer { 200 } },
}
