-- expect: 2: debug: unknown name; the words are: answer, date, decide, fail, fault, hang, rest, scenario, random
return debug.sethook()
