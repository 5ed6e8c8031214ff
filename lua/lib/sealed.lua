-- SPDX-License-Identifier: Apache-2.0
-- Values that a scenario can hold and hand on, but neither open nor change.
--
-- What is inside lies in the value itself under a key that nobody else has: its
-- kind, which no scenario ever gets to see. (A weak table beside it would do as
-- well, but for its chains: the collector takes quadratic time for them.)

local sealed = {}

-- A kind of sealed value; metamethods may be added to it.
function sealed.new(name)
    local function refuse()
        error(("a %s cannot be looked into"):format(name), 2)
    end
    return {
        __metatable = name,
        __index = refuse,
        __pairs = refuse,
        __newindex = function()
            error(("a %s cannot be changed"):format(name), 2)
        end,
    }
end

function sealed.seal(kind, inside)
    return setmetatable({ [kind] = inside }, kind)
end

-- What is inside a value of the kind; nil = it is none.
function sealed.open(kind, value)
    return type(value) == "table" and rawget(value, kind) or nil
end

return sealed
