-- expect: 2: c: found a step; allowed: a table of about, rules, needs, given, server, expect, check, limit, observe, clock
scenario "c" (answer { 200 })
