-- expect: 4: a/b: server[1].location: found a location; a 200 has none, 300 to 399 have
scenario "a/b" {
  rules = { "AUTH-5" },
  server = { answer { 200, location = "elsewhere" } },
}
