-- SPDX-License-Identifier: Apache-2.0
-- The shapes of values, each with its complaint.

local order = use "order"

local shape = {}

-- A table as it is written, without a metatable: what we look at twice is the
-- same twice.
function shape.plain(at, value, allowed)
    if type(value) ~= "table" or getmetatable(value) ~= nil then
        at:wrong(value, allowed)
    end
    return value
end

-- A list of words as a set. Only for lists that the library makes once: the
-- set is kept as long as it.
local sets = {}

function shape.set(words)
    local set = sets[words]
    if not set then
        set = {}
        for _, word in ipairs(words) do
            set[word] = true
        end
        sets[words] = set
    end
    return set
end

local function is_position(key, most)
    return math.type(key) == "integer" and key >= 1 and key <= most
end

-- Of several that are wrong the same each time: the first in order.
local function refuse_keys(at, value, words, positional)
    local known = shape.set(words)
    for key, found in order.pairs(value) do
        if type(key) == "string" and not known[key] then
            at:field(key):unknown(key, words)
        elseif type(key) ~= "string" and not is_position(key, positional) then
            at:item(key):fail("found %s without a name; allowed: %s",
                at.show(found), table.concat(words, ", "))
        end
    end
end

-- A table whose keys are all among the words, and 1 to positional.
function shape.record(at, value, words, positional)
    if type(value) ~= "table" or getmetatable(value) ~= nil then
        at:wrong(value, "a table of " .. table.concat(words, ", "))
    end
    local known = shape.set(words)
    for key in next, value do
        if not known[key] and not is_position(key, positional or 0) then
            refuse_keys(at, value, words, positional or 0)
        end
    end
    return value
end

-- A list without holes; returns its length.
function shape.list(at, value, allowed)
    shape.plain(at, value, allowed)
    local count = 0
    for key in order.pairs(value) do
        if type(key) == "string" then
            at:field(key):fail("found a named value in a list; allowed: %s",
                allowed)
        elseif key ~= count + 1 or math.type(key) ~= "integer" then
            at:item(count + 1):wrong(nil, allowed)
        end
        count = count + 1
    end
    return count
end

-- The integer, or nil: without a place, which is made to complain only.
function shape.to_integer(value, least, most)
    local integer = type(value) == "number" and math.tointeger(value)
    return integer and integer >= least and integer <= most and integer or nil
end

function shape.integer(at, value, least, most)
    local integer = shape.to_integer(value, least, most)
    if not integer then
        at:wrong(value, ("an integer from %d to %d"):format(least, most))
    end
    return integer
end

function shape.boolean(at, value)
    if value ~= nil and type(value) ~= "boolean" then
        at:wrong(value, "true or false")
    end
    return value
end

function shape.call(at, value, signature)
    if value ~= nil and type(value) ~= "function" then
        at:wrong(value, "a function(" .. signature .. ")")
    end
    return value
end

function shape.text(at, value, allowed, most_bytes)
    if type(value) ~= "string" then
        at:wrong(value, allowed)
    elseif #value > most_bytes then
        at:fail("found %d bytes; allowed: at most %d", #value, most_bytes)
    end
    return value
end

-- Text that can stand in a header field, or on one line.
function shape.line(at, value, allowed, most_bytes)
    shape.text(at, value, allowed, most_bytes)
    if value:find("[\r\n\0]") then
        at:fail("found %s; allowed: text without CR, LF and NUL",
            at.show(value))
    end
    return value
end

-- n, or { least, most }.
function shape.range(at, value, most, also)
    local allowed = ("%s0 to %d, or {least, most}"):format(also, most)
    if type(value) == "number" then
        local n = math.tointeger(value)
        if n and n >= 0 and n <= most then
            return { min = n, max = n }
        end
        at:wrong(value, allowed)
    end
    if shape.list(at, value, allowed) ~= 2 then
        at:fail("found %d values; allowed: {least, most}", #value)
    end
    local min = shape.integer(at:item(1), value[1], 0, most)
    return { min = min, max = shape.integer(at:item(2), value[2], min, most) }
end

return shape
