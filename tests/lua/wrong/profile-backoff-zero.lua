-- expect: 2: profile.backoff: found 0; allowed: an integer from 1 to 10000
local x = profile.backoff(0)
