-- expect: 2: retrial: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return retrial.declare {}
