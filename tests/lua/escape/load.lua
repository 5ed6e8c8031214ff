-- expect: 2: load: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, rest, scenario, random
return load("return 1")()
