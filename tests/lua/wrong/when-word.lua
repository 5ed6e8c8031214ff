-- expect: 2: c: when: found "yes"; allowed: true or false
scenario "c" { when = "yes", rules = { "RA-1" }, server = { answer { 200 } } }
