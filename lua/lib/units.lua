-- SPDX-License-Identifier: Apache-2.0
-- Durations in words, in and out of scenarios.

local units = {}

local MS, MINUTE, HOUR = 1000000, 60 * 1000000000, 3600 * 1000000000

units.HOUR = HOUR

-- So that the date itself stays between 1970 and 9999.
local OFFSET_MIN_S, OFFSET_MAX_S = -1000000000, 100000000000

local EXAMPLES = 'a duration such as "250ms", "2s", "1.5s" or "3m"'

-- "2s" -> nanoseconds, from least to most; else says how to have more.
function units.duration_ns(at, value, least_ns, most_ns, else_how)
    local ns = type(value) == "string" and retrial.duration_ns(value)
    if not ns then
        at:wrong(value, EXAMPLES)
    elseif ns < least_ns then
        at:wrong(value, "a duration longer than 0")
    elseif ns > most_ns then
        at:wrong(value, ("at most %d minutes%s"):format(most_ns // MINUTE,
            else_how or ""))
    end
    return ns
end

-- The same for what somebody waits for: under a clock that jumps, nobody does.
function units.wait_ns(at, value, least_ns, clock)
    if clock == "jump" then
        return units.duration_ns(at, value, least_ns, retrial.wait_max_ns)
    end
    return units.duration_ns(at, value, least_ns, units.HOUR,
        (', or %d with clock = "jump"'):format(retrial.wait_max_ns // MINUTE))
end

-- "2s" -> milliseconds, or nil when it is no duration in whole ones.
function units.milliseconds(value)
    local ns = retrial.duration_ns(value)
    return ns and ns % MS == 0 and ns // MS or nil
end

local seconds_of = { s = 1, m = 60, h = 3600 }

-- 2, -2, "2s", "-1h" -> seconds. Far longer than a delay may be: a date can
-- lie years away.
function units.offset_s(at, value)
    local seconds = type(value) == "number" and math.tointeger(value)
    if type(value) == "string" then
        local sign, count, unit = value:match("^(-?)(%d+)([smh])$")
        seconds = count and math.tointeger(tonumber(count))
        seconds = seconds and seconds < OFFSET_MAX_S
            and seconds * seconds_of[unit]
        seconds = seconds and sign == "-" and -seconds or seconds
    end
    if not seconds then
        at:wrong(value, 'whole seconds, such as 2, -2, "2s" or "-1h"')
    elseif seconds < OFFSET_MIN_S or seconds > OFFSET_MAX_S then
        at:wrong(value, ("%d to %d seconds"):format(OFFSET_MIN_S,
            OFFSET_MAX_S))
    end
    return seconds
end

return units
