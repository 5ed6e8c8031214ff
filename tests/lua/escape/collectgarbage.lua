-- expect: 2: collectgarbage: unknown name; the words are: answer, date, decide, fail, fault, hang, rest, scenario, random
collectgarbage "stop"
