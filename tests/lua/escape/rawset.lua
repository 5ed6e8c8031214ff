-- expect: 2: rawset: unknown name; did you mean rawget? the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
rawset(string, "upper", nil)
