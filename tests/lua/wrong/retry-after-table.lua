-- expect: 4: a/b: server[1].retry_after: found an empty list; allowed: seconds (an integer), text that is sent as it is, date { form =, offset = }, or a list of those
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, retry_after = {} } },
}
