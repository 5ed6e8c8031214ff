-- expect: 2: anwser: unknown name; did you mean answer? the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
scenario "a" { server = { anwser { 200 } } }
