-- expect: 2: io: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return io.open("x")
