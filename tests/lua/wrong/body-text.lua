-- expect: 2: c: found "d"; allowed: a table of about, rules, needs, given, server, expect, check, limit, observe, clock
scenario "c" "d"
