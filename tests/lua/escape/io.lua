-- expect: 2: io: unknown name; the words are: answer, date, decide, fail, fault, hang, rest, scenario, random
return io
