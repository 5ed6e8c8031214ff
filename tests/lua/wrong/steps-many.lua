-- expect: 2: a/b: server: the scenario has more than 1000 steps; say times = n, or rest
scenario "a/b" {
  rules = { "RA-1" },
  server = (function()
    local list = {}
    for i = 1, 1001 do
      list[i] = answer { 200 }
    end
    return list
  end)(),
}
