-- expect: 2: use: unknown name; the words are: answer, date, decide, fail, fault, hang, rest, scenario, random
return use "strict"
