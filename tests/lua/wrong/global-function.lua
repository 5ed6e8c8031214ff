-- expect: 2: helper: sets a global; write local helper
function helper() end
