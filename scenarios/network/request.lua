-- STATUS-1: A 100 Continue that nobody asked for is no answer; what comes
-- after it is.
scenario "network/continue-unasked/delivered" {
  rules  = { "STATUS-1", "DELIVER-2" },
  server = { fault "continue-unasked", answer { 200 } },
  expect = "policy",
}
