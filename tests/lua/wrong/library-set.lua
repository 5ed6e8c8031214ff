-- expect: 2: string: upper cannot be set: string is everybody's
string.upper = nil
