-- expect: 2: a step cannot be changed
answer({ 200 }).status = 1
