-- expect: 2: fail: can only be called in a check
fail(nil, "x")
