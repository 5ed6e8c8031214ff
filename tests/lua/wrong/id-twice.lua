-- expect: 5: scenario: "a/b" is declared twice; first at wrong.lua:2
scenario "a/b" {
  rules = { "RA-1" },
}
scenario "a/b" {
  rules = { "RA-1" },
}
