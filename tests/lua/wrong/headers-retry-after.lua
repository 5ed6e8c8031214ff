-- expect: 4: a/b: server[1].headers["retry-after"]: found "retry-after"; write retry_after
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, headers = { ["retry-after"] = "1" } } },
}
