-- expect: 2: attempt to call a nil value (field 'randomseed')
math.randomseed(1)
