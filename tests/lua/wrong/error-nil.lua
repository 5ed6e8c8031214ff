-- expect: 2: raised an error that is no text but a nil
error()
