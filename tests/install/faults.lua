-- COUNT-3: a server failure, then a rate limit, for the
-- program of docs/client-library.md.
scenario "install/faults" {
  rules  = { "COUNT-3", "RA-1", "BACK-1" },
  given  = { events = 1 },
  server = {
    answer { 503 },
    answer { 429, retry_after = 1 },
    answer { 200 },
  },
  expect = { attempts = 3, delivered = "all" },
  limit  = "20s",
}
