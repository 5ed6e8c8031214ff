-- Other routes than ingest, and a check of its own.
scenario "routes/token" {
  rules  = { "AUTH-6" },
  server = {
    answer { 511 },
    token = { answer { 503 }, answer { 200, body = '{"access_token":"t"}' } },
    settings = rest(answer { 200, body = ("{}"):rep(40) }),
  },
}

scenario "routes/check" {
  rules  = { "AUTH-3" },
  server = { answer { 503, headers = {
    { "X-A", "1" }, { "x-a", 2 }, { "X-B", "" },
  } } },
  check  = function(record)
    for _, attempt in ipairs(record.attempts) do
      if not attempt.headers.authorization then
        fail(attempt, "no Authorization")
      end
    end
  end,
}
