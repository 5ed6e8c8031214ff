-- RA-5: Until the wait is over the pipeline is blocked: no other batch of this
-- client is sent, from any worker.
--
-- Answers are slow, so that a worker that does not know of the gate is still
-- sending when what was under way at the 429 has long ended.
for workers, events in pairs { [2] = 12, [4] = 30 } do
  scenario("retry-after/gate/" .. workers .. "-workers") {
    rules  = { "RA-5", "DELIVER-1" },
    given  = { events = events, config = { flushAt = 1, workers = workers } },
    server = {
      answer { profile.limiting, retry_after = 3 },
      rest(answer { 200, delay = "200ms" }),
    },
    expect = "policy",
  }
end
