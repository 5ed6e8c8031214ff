-- expect: 2: scenario: found 7; allowed: an id, as in scenario "status/503" { ... }
scenario(7) { rules = { "RA-1" } }
