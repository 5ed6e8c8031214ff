-- expect: 2: require: unknown name; the words are: answer, date, decide, fail, fault, hang, rest, scenario, random
return require "os"
