-- expect: 2: a step cannot be looked into
for key in pairs(answer { 200 }) do end
