-- SPDX-License-Identifier: Apache-2.0
-- The word `profile`: the policy and the wire that scenarios are compiled for.
--
-- profile.KEY is a value of it, nil where that is left open; the functions say
-- what follows from the values.

local order = use "order"
local place = use "place"
local shape = use "shape"

local host = retrial.profile
local values, functions = {}, {}
local words, own = {}, {} -- all of them; those that are no keys

-- The first of these that fits is what a scenario answers that is not about a
-- status of its own.
local PLAIN = { 503, 500, 502, 504, 429, 408, 599 }
local REFUSING = { 400, 422, 404, 401, 403, 501 }
local LIMITING = { 429, 503, 408, 500, 502, 504 }

local function checked(what, value, least, most)
    return shape.integer(place.new(place.here(), "profile." .. what), value,
        least, most)
end

local function first(statuses, fits)
    for _, status in ipairs(statuses) do
        if fits(status) then
            return status
        end
    end
    return statuses[1]
end

-- What every right client does at this status: it retries, takes the batch for
-- delivered, or drops it. None of them where clients may differ.
for name, class in order.pairs { retries = "retried", delivers = "delivered",
    drops = "dropped" } do
    functions[name] = function(status)
        return host.class(checked(name, status, 100, 999)) == class
    end
end

-- The rule that says so, for a scenario's rules; false where it is the client's
-- own choice.
function functions.rule(status)
    return host.rule(checked("rule", status, 100, 999)) or false
end

-- Whether a Retry-After on this status is heard.
function functions.hears(status)
    return host.honours(checked("hears", status, 100, 999))
end

-- The maxRetries that allows so many retries: it may count attempts.
function functions.retries_as(retries)
    checked("retries_as", retries, 0, 1000000)
    return values.max_retries_means == "attempts" and retries + 1 or retries
end

-- { least =, most = } in seconds before the n-th counted retry; nil where the
-- law is open.
function functions.backoff(n)
    local least, most = host.backoff(checked("backoff", n, 1, 10000))
    return least and { least = least, most = most } or nil
end

-- { least =, most = } of the first n of these waits together; nil likewise.
function functions.waits(n)
    local sum = { least = 0, most = 0 }
    for retry = 1, checked("waits", n, 0, 10000) do
        local least, most = host.backoff(retry)
        if not least then
            return nil
        end
        sum = { least = sum.least + least, most = sum.most + most }
    end
    return sum
end

for _, key in ipairs(host.keys) do
    values[key] = host.value(key)
    words[#words + 1] = key
end

-- A status that every right client retries, one that none does, and one whose
-- Retry-After is heard: where there is such a one.
values.failing = first(PLAIN, functions.retries)
values.refusing = first(REFUSING, functions.drops)
values.limiting = first(LIMITING, function(status)
    return functions.retries(status) and functions.hears(status)
end)
-- What got no answer is retried by every right client.
values.retries_network = host.class(0) == "retried"
-- How many retries a client has that is given no maxRetries; nil = any number.
values.retries_default = values.max_retries_default
    and math.max(0, values.max_retries_default
        - (values.max_retries_means == "attempts" and 1 or 0))
-- An ingest that takes tokens of OAuth.
values.oauth = #values.retried_with_oauth > 0
for _, word in ipairs { "failing", "refusing", "limiting", "retries_network",
    "retries_default", "oauth" } do
    own[#own + 1] = word
end
for name in order.pairs(functions) do
    own[#own + 1] = name
end
table.move(own, 1, #own, #words + 1, words)

local known = shape.set(words)

return setmetatable({}, {
    __index = function(_, word)
        if not known[word] then
            place.new(place.here(), "profile"):fail("unknown word %s%s "
                .. "allowed: a key of profiles (retrial explain profile), %s",
                tostring(word), place.hint(tostring(word), words),
                table.concat(own, ", "))
        end
        local value = functions[word] or values[word]
        return type(value) == "table" and { table.unpack(value) } or value
    end,
    __newindex = function()
        place.new(place.here(), "profile"):fail("cannot be changed")
    end,
    __pairs = function()
        return order.pairs(values)
    end,
    __metatable = "profile",
})
