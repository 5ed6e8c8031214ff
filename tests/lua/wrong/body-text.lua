-- expect: 2: c: found "d"; allowed: a table of about, when, rules, needs, given, server, expect, check, limit, observe, clock, summer_time
scenario "c" "d"
