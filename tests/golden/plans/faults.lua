-- Faults with words of their own, and connections with steps of their own.
scenario "faults/idle" {
  rules  = { "NET-3" },
  server = {
    on_connection = {
      [2] = { answer { 200 }, fault "reset" },
      [1] = rest(fault { "close-idle", idle = "1s", status = 202, headers = { ["X-A"] = "b" } }),
    },
    fault { "reset-idle", times = 2, body = "ok" },
    fault "close-idle",
  },
}
