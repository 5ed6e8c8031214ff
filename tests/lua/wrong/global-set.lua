-- expect: 2: count: sets a global; write local count
count = 1
