-- expect: 4: a/b: server[1].location: found "http://a"; allowed: "elsewhere" or "another-host" (a fixed one goes into headers)
scenario "a/b" {
  rules = { "AUTH-5" },
  server = { answer { 302, location = "http://a" } },
}
