-- expect: 2: package: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return package.loaded
