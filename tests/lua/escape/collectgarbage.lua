-- expect: 2: collectgarbage: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
collectgarbage "stop"
