-- expect: 2: scenario: found an id of 121 bytes; allowed: at most 120
scenario(("x"):rep(121)) { rules = { "RA-1" } }
