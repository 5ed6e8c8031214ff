-- expect: 2: profile: cannot be changed
profile.failing = 200
