-- expect: 2: debug: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return debug.sethook()
