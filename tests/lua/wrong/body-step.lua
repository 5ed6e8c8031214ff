-- expect: 2: c: found a step; allowed: a table of about, when, rules, needs, given, server, expect, check, limit, observe, clock, summer_time
scenario "c" (answer { 200 })
