-- expect: 2: profile.retries: found "many"; allowed: an integer from 100 to 999
local x = profile.retries "many"
