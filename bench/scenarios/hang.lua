-- No answer, ever.
scenario "bench/hang" {
  rules  = { "NET-2" },
  server = rest(hang {}),
}
