-- Right with the reference client; wrong with one that says nothing of itself.
scenario "use/assuming/check" {
  rules  = { "DELIVER-1" },
  given  = { events = 1 },
  server = { answer { 200 } },
  check  = function(record)
    if #record.attempts[1].headers["user-agent"] == 0 then fail(1, "no name") end
  end,
}

scenario "use/assuming/decide" {
  rules  = { "DELIVER-1" },
  given  = { events = 1 },
  server = {
    decide = function(request)
      return answer { #request.headers["user-agent"] > 0 and 200 or 500 }
    end,
  },
}
