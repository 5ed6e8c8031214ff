-- expect: 2: use: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return use "strict"
