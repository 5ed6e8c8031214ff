-- expect: 2: attempt to call a nil value (field 'close')
coroutine.close(coroutine.create(print))
