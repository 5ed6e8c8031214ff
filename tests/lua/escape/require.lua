-- expect: 2: require: unknown name; the words are: answer, date, decide, fail, fault, faults, hang, profile, rest, scenario, random
return require "os"
