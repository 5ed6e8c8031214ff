-- expect: 2: package: unknown name; the words are: answer, date, decide, fail, fault, hang, rest, scenario, random
return package.loaded
