-- expect: 2: profile: unknown word retires; did you mean retries? allowed: a key of profiles (retrial explain profile), failing, refusing, limiting, retries_network, retries_default, oauth, backoff, delivers, drops, hears, retries, retries_as, rule, waits
local x = profile.retires
