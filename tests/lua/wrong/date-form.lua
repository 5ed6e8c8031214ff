-- expect: 4: a/b: server[1].retry_after.form: unknown date form; did you mean rfc850? allowed: imf, rfc850, asctime
scenario "a/b" {
  rules = { "RA-1" },
  server = { answer { 429, retry_after = date { form = "rfc580", offset = 1 } } },
}
