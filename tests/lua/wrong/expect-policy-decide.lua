-- expect: 2: c: expect: found "policy", which cannot tell what follows a step that is decided, a redirect, a fault of more than one reading, OAuth, on_connection, wrong_config or a full queue; allowed: numbers
scenario "c" { rules = { "RA-1" },
  server = { decide = function() return answer { 200 } end },
  expect = "policy" }
