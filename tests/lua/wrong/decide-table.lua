-- expect: 4: a/b: server[1]: found a table; allowed: a function(request, memory)
scenario "a/b" {
  rules = { "RA-1" },
  server = { decide {} },
}
