-- expect: 2: a/b: server.token: the scenario has more than 1000 steps; say times = n, or rest
scenario "a/b" {
  rules = { "RA-1" },
  server = (function()
    local list = {}
    for i = 1, 600 do
      list[i] = answer { 200 }
    end
    return { ingest = list, token = list }
  end)(),
}
