-- expect: 2: load: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return load("return 1")()
