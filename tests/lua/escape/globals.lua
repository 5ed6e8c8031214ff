-- expect: 2: _G: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return _G
