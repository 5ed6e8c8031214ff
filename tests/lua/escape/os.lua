-- expect: 2: os: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return os.exit(0)
