-- SPDX-License-Identifier: Apache-2.0
-- What a fault says: its name, its own words, and the answer some carry.

local answer = use "answer"
local order = use "order"
local place = use "place"
local shape = use "shape"
local units = use "units"

local fault = {}

fault.words = { "delay", "times" } -- of the plain ones

local MS = 1000000
local BY = { "close", "reset" }

local words_by_fault = {}

local function words_of(known)
    local words = words_by_fault[known]
    if words then
        return words
    end
    words = {}
    words_by_fault[known] = words
    for word in order.pairs(known.params) do
        words[#words + 1] = word
    end
    if known.status > 0 then
        for _, word in ipairs(answer.words) do
            words[#words + 1] = word
        end
    else
        words[#words + 1] = "times"
        -- The others strike at a moment of their own.
        if known.family == "silent" then
            words[#words + 1] = "delay"
        end
    end
    return words
end

local function compile_word(at, value)
    for i, word in ipairs(BY) do
        if value == word then
            return i - 1
        end
    end
    at:wrong(value, '"' .. table.concat(BY, '" or "') .. '"')
end

local function compile_param(at, value, param)
    if param.kind == "number" then
        return shape.integer(at, value, param.least, param.most)
    elseif param.kind == "word" then
        return compile_word(at, value)
    end
    return units.duration_ns(at, value, param.least * MS, param.most * MS)
end

-- The answer's words among what was given.
local function compile_answer(at, given, known, step)
    local said = { status = given.status or known.status }
    for _, word in ipairs(answer.words) do
        if word ~= "status" then
            said[word] = given[word]
        end
    end
    answer.compile(at, said, step)
end

local function find(at, name)
    if type(name) ~= "string" then
        at:wrong(name, "a fault's name; `retrial list faults` has them")
    end
    return retrial.fault[name] or at:fail(
        "unknown fault %s%s `retrial list faults` has them", place.show(name),
        place.hint(name, retrial.faults))
end

-- All faults, for families that loop over them: each time a list anew, in the
-- table's order.
function fault.all()
    local all = {}
    for i, name in ipairs(retrial.faults) do
        local known = retrial.fault[name]
        local takes = {}
        for _, word in ipairs(words_of(known)) do
            takes[word] = true
        end
        all[i] = {
            name = name,
            family = known.family,
            taken_for = known.taken_for,
            of_connection = known.of_connection,
            over = known.over,
            status = known.status > 0 and known.status or nil,
            takes = takes,
        }
    end
    return all
end

-- Fills step from what `fault` was given.
function fault.compile(at, given, step)
    if type(given) == "string" then
        given = { given }
    end
    shape.plain(at, given, 'a fault\'s name, or { "name", ... }')
    local name = given[1]
    local known = find(at, name)
    shape.record(at, given, words_of(known), 1)
    step.fault, step.family = name, known.family
    step.of_connection, step.over = known.of_connection, known.over
    for word, param in order.pairs(known.params) do
        if given[word] ~= nil then
            step[word] = compile_param(at:field(word), given[word], param)
        end
    end
    if known.status > 0 then
        compile_answer(at, given, known, step)
    end
    return given
end

return fault
