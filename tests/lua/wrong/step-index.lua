-- expect: 2: a step cannot be looked into
return answer({ 200 }).status
