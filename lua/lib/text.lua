-- SPDX-License-Identifier: Apache-2.0
-- string.find, match, gmatch and gsub over retrial.search, which is counted
-- (lua/pattern.c). They mean what Lua's manual says (6.4).

local text = {}

local search = retrial.search

local SPECIALS = "^$*+?.([%-"

local function is_special(pattern)
    for i = 1, #SPECIALS do
        if search(pattern, SPECIALS:sub(i, i), 1, true) then
            return true
        end
    end
    return false
end

-- Byte 1 to #subject + 1 for any init; nil = past the end.
local function start(subject, init)
    init = init == nil and 1 or math.tointeger(init)
        or error("the first byte's number must be an integer", 3)
    if init < 0 then
        init = math.max(#subject + init + 1, 1)
    elseif init == 0 then
        init = 1
    end
    return init <= #subject + 1 and init or nil
end

local function check(name, subject, pattern)
    if type(subject) == "number" then
        subject = tostring(subject)
    end
    if type(pattern) == "number" then
        pattern = tostring(pattern)
    end
    if type(subject) ~= "string" or type(pattern) ~= "string" then
        error(("bad argument to '%s' (string expected, got %s)"):format(name,
            type(type(subject) == "string" and pattern or subject)), 3)
    end
    return subject, pattern
end

function text.find(subject, pattern, init, plain)
    subject, pattern = check("find", subject, pattern)
    init = start(subject, init)
    if not init then
        return nil
    end
    return search(subject, pattern, init, plain or not is_special(pattern))
end

-- The captures, or the whole match when there are none.
local function captures(subject, first, last, ...)
    if not first then
        return nil
    elseif select("#", ...) == 0 then
        return subject:sub(first, last)
    end
    return ...
end

function text.match(subject, pattern, init)
    subject, pattern = check("match", subject, pattern)
    init = start(subject, init)
    if not init then
        return nil
    end
    return captures(subject, search(subject, pattern, init))
end

function text.gmatch(subject, pattern, init)
    subject, pattern = check("gmatch", subject, pattern)
    local at, before = start(subject, init), nil
    if pattern:sub(1, 1) == "^" then -- no anchor here, as in Lua
        pattern = "%" .. pattern
    end
    local function step(first, last, ...)
        if not first then
            at = nil
            return nil
        end
        if last < first and last == before then -- empty, just after a match
            at = first + 1
            return false
        end
        at, before = last + 1, last
        return captures(subject, first, last, ...)
    end
    return function()
        while at and at <= #subject + 1 do
            local found = table.pack(step(search(subject, pattern, at)))
            if found[1] ~= false then
                return table.unpack(found, 1, found.n)
            end
        end
        return nil
    end
end

-- What replaces a match: text with %0 to %9, a table, or a function.
local function replacement(with, whole, found)
    local value
    local first = found.n > 0 and found[1] or whole
    if type(with) == "table" then
        value = with[first]
    elseif type(with) == "function" then
        if found.n == 0 then
            value = with(whole)
        else
            value = with(table.unpack(found, 1, found.n))
        end
    else
        return nil
    end
    if not value then
        return whole
    elseif type(value) ~= "string" and type(value) ~= "number" then
        error(("invalid replacement value (a %s)"):format(type(value)), 4)
    end
    return value
end

local function expand(with, whole, found)
    local parts, at = {}, 1
    while true do
        local escape = search(with, "%", at, true)
        if not escape then
            parts[#parts + 1] = with:sub(at)
            return table.concat(parts)
        end
        parts[#parts + 1] = with:sub(at, escape - 1)
        local sign = with:sub(escape + 1, escape + 1)
        local digit = tonumber(sign)
        if sign == "%" then
            parts[#parts + 1] = "%"
        elseif digit == 0 or digit == 1 and found.n == 0 then
            parts[#parts + 1] = whole
        elseif digit and digit <= found.n then
            parts[#parts + 1] = found[digit]
        else
            error("invalid use of '%' in replacement string", 4)
        end
        at = escape + 2
    end
end

function text.gsub(subject, pattern, with, most)
    subject, pattern = check("gsub", subject, pattern)
    if type(with) == "number" then
        with = tostring(with)
    end
    if type(with) ~= "string" and type(with) ~= "table"
        and type(with) ~= "function" then
        error(("bad argument #3 to 'gsub' (string/function/table expected, "
            .. "got %s)"):format(type(with)), 2)
    end
    local parts, at, count, before = {}, 1, 0, nil
    local anchored = pattern:sub(1, 1) == "^"
    most = most or #subject + 1
    while count < most and at <= #subject + 1 do
        local found = table.pack(search(subject, pattern, at))
        local first, last = found[1], found[2]
        if not first then
            break
        end
        if last < first and last == before then -- empty, just after a match
            parts[#parts + 1] = subject:sub(at, at)
            at, before = at + 1, nil
        else
            found = table.pack(table.unpack(found, 3, found.n))
            local whole = subject:sub(first, last)
            parts[#parts + 1] = subject:sub(at, first - 1)
            parts[#parts + 1] = replacement(with, whole, found)
                or expand(with, whole, found)
            count = count + 1
            at, before = last + 1, last
        end
        if anchored then
            break
        end
    end
    parts[#parts + 1] = subject:sub(at)
    return table.concat(parts), count
end

return text
