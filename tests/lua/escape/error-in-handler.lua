-- expect: 2: again
xpcall(error, function() error "again" end)
