-- Every answer 100 ms late.
scenario "bench/delay" {
  rules  = { "STATUS-1" },
  server = rest(answer { 200, delay = "100ms" }),
}
