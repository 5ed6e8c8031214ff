-- SPDX-License-Identifier: Apache-2.0
-- What decide and check look at: read-only, and strict about names, so that a
-- mistyped field is an error and not a nil.

local order = use "order"
local place = use "place"
local shape = use "shape"

local view = {}

view.request_words = { "number", "connection", "route", "method", "path",
    "headers", "body", "retry_count", "events", "nth", "at" }
view.attempt_words = { "number", "connection", "route", "method", "path",
    "headers", "retry_count", "status", "fault", "arrived", "answered", "gap",
    "body_bytes" }
view.client_words = { "success", "error", "exit_code", "ended" }
view.record_words = { "attempts", "client" }

local function refuse_change(name)
    return function()
        place.new(place.here(), nil, name):fail("cannot be changed")
    end
end

-- Where the fields of a record are: under a key that nobody else has, so that
-- one metatable does for all records of a kind.
local FIELDS = {}

-- Records with exactly these words, of which some may be nil. What is not among
-- the fields yet, read(fields, word) knows.
local function strict(name, words, read)
    local known = shape.set(words)
    return {
        __index = function(record, key)
            local fields = rawget(record, FIELDS)
            local value = fields[key]
            if value == nil and not known[key] then
                place.new(place.here(), nil, name):field(tostring(key))
                    :unknown(tostring(key), words)
            elseif value == nil and read then
                value = read(fields, key)
            end
            return value
        end,
        __newindex = refuse_change(name),
        __pairs = function(record)
            local fields = {}
            for _, word in ipairs(words) do
                fields[word] = record[word]
            end
            return order.pairs(fields)
        end,
        __metatable = name,
    }
end

-- A request is read word by word; what was read is kept, so that it is the same
-- table the next time.
local ATTEMPT = {}

local function read_request(fields, word)
    local value = retrial.request_field(fields[ATTEMPT], word)
    fields[word] = value
    return value
end

local request_kind = strict("request", view.request_words, read_request)
local attempt_kind = strict("attempt", view.attempt_words)
local client_kind = strict("record.client", view.client_words)
local record_kind = strict("record", view.record_words)

local function seal(kind, fields)
    return setmetatable({ [FIELDS] = fields }, kind)
end

-- A list whose items are made when they are looked at.
local function lazy_list(name, count, item)
    return setmetatable({}, {
        __index = function(_, i)
            if math.type(i) ~= "integer" then
                place.new(place.here(), nil, name):fail("is a list; found [%s]",
                    place.show(i))
            end
            return item(i)
        end,
        __newindex = refuse_change(name),
        __len = function()
            return count
        end,
        __pairs = function(list)
            return ipairs(list)
        end,
        __metatable = name,
    })
end

function view.request(attempt)
    return seal(request_kind, { [ATTEMPT] = attempt })
end

function view.record(count, raw_attempt, client)
    local attempts = lazy_list("record.attempts", count, function(i)
        local raw = raw_attempt(i)
        if not raw then
            return nil
        end
        return seal(attempt_kind, raw)
    end)
    return seal(record_kind, {
        attempts = attempts,
        client = seal(client_kind, client),
    })
end

-- The number of an attempt of a record; 0 for nil; else nil.
function view.number(attempt)
    if attempt == nil then
        return 0
    end
    return getmetatable(attempt) == "attempt" and attempt.number or nil
end

return view
