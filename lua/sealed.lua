-- Values that a scenario can hold and hand on, but neither open nor change.
--
-- What is inside lies in the value itself under a key that nobody else has. (A
-- weak table beside it would do as well, but for its chains: the collector
-- takes quadratic time for them.)

local sealed = {}

local INSIDE = {}

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
    return setmetatable({ [INSIDE] = { kind = kind, inside = inside } }, kind)
end

-- What is inside a value of the kind; nil = it is none.
function sealed.open(kind, value)
    local found = type(value) == "table" and rawget(value, INSIDE)
    return found and found.kind == kind and found.inside or nil
end

return sealed
