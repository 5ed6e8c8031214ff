-- expect: 4: a/b: server[1].retry_after.offset: found "1.5s"; allowed: whole seconds, such as 2, -2, "2s" or "-1h"
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, retry_after = date { offset = "1.5s" } } },
}
