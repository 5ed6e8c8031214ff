-- Jobs in a row. The clients of tests/use/clients/stdio.py misbehave where
-- there are two events.
for number = 1, 5 do
  scenario("use/jobs/" .. number) {
    rules  = { "DELIVER-1" },
    given  = { events = number == 3 and 2 or 1 },
    server = answer { 200 },
    limit  = "4s",
  }
end
