-- expect: 2: c: found "d"; allowed: a table of about, rules, needs, given, server, expect, check, limit, observe, clock, summer_time
scenario "c" "d"
