-- expect: 2: a/b: server[1]: found a function; allowed: decide(function), or a word with its {...}: hang {}
scenario "a/b" {
  rules = { "RA-1" },
  server = { hang },
}
