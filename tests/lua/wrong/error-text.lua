-- expect: 2: on purpose
error("on purpose")
