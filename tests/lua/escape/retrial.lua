-- expect: 2: retrial: unknown name; the words are: answer, date, decide, fail, fault, hang, rest, scenario, random
return retrial.declare {}
