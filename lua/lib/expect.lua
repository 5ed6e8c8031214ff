-- SPDX-License-Identifier: Apache-2.0
-- What must hold beyond the rules, and only this scenario knows.

local shape = use "shape"

local expect = {}

expect.words = { "attempts", "delivered", "success" }

local function compile_delivered(at, value, events)
    if value == "all" then
        return { min = events, max = events }
    elseif value == "none" then
        return { min = 0, max = 0 }
    end
    return shape.range(at, value, events, '"all", "none", ')
end

-- "policy": what the profile asks of a right client here (model/foresight.c).
function expect.compile(at, value, events)
    if value == nil then
        return nil
    elseif value == "policy" then
        return { follows_policy = true }
    elseif type(value) ~= "table" then
        at:wrong(value, '"policy", or a table of '
            .. table.concat(expect.words, ", "))
    end
    shape.record(at, value, expect.words)
    local compiled = {
        success = shape.boolean(at:field "success", value.success),
    }
    if value.attempts ~= nil then
        compiled.attempts = shape.range(at:field "attempts", value.attempts,
            retrial.attempts_max, "")
    end
    if value.delivered ~= nil then
        compiled.delivered = compile_delivered(at:field "delivered",
            value.delivered, events)
    end
    return compiled
end

return expect
