-- DELIVER-1, DELIVER-2: What becomes of a connection after its answer changes
-- nothing of the answer, and the next batch comes through.
for _, name in ipairs { "half-close", "linger", "answered-twice",
    "junk-after" } do
  scenario("network/" .. name .. "/next-batch") {
    rules  = { "STATUS-1", "DELIVER-1", "DELIVER-2" },
    given  = { sequences = { { events = 1 }, { events = 1, delay = "300ms" } } },
    server = { fault { name }, answer { 200 } },
    expect = { attempts = 2, delivered = "all", success = true },
  }
end

scenario "network/answered-twice/stale" {
  about  = "The second answer is still there when the next batch is sent: it "
    .. "is not that batch's.",
  rules  = { "STATUS-1", "DELIVER-1" },
  given  = { sequences = { { events = 1 }, { events = 1, delay = "300ms" } } },
  server = { fault { "answered-twice", idle = "10s" }, answer { 200 } },
  expect = { attempts = 2, delivered = "all", success = true },
}
