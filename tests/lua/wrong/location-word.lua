-- expect: 4: a/b: server[1].location: found "http://a"; allowed: "elsewhere" (a fixed one goes into headers)
scenario "a/b" {
  rules = { "AUTH-5" },
  server = { answer { 302, location = "http://a" } },
}
