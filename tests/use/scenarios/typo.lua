scenario "use/typo" {
  rules  = { "DELIVER-1" },
  server = { answer { 429, retry_afer = 2 } },
}
