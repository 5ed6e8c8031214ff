-- expect: 2: collectgarbage: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, rest, scenario, random
collectgarbage "stop"
