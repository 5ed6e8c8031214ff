-- SPDX-License-Identifier: Apache-2.0
-- What the client is given: events, write key, configuration.

local order = use "order"
local shape = use "shape"
local units = use "units"

local given = {}

given.words = { "events", "sequences", "clients", "event_bytes", "write_key",
    "https",
    "config", "wrong_config" }
given.sequence_words = { "events", "delay" }

local DEFAULT_WRITE_KEY = "retrial-write-key"
local EVENT_BYTES_MAX = 1000000
local WRITE_KEY_BYTES_MAX = 4000
local WRONG_BYTES_MAX = 200

local config_names, config_keys = {}, {}
for i, key in ipairs(retrial.config) do
    config_names[i] = key.name
    config_keys[key.name] = key
end

local function compile_sequences(at, value, clock)
    local sequences = {}
    local count = shape.list(at, value, "a list of { events =, delay = }")
    if count == 0 then
        at:fail("found an empty list; allowed: at least one sequence")
    end
    for i = 1, count do
        local item = at:item(i)
        local sequence = shape.record(item, value[i], given.sequence_words)
        sequences[i] = {
            events = shape.integer(item:field "events", sequence.events, 1,
                retrial.events_max),
            delay_ns = sequence.delay == nil and 0 or units.wait_ns(
                item:field "delay", sequence.delay, 0, clock),
        }
    end
    return sequences
end

-- Events that no sequences were made of: one for each client, as even as
-- they come.
local function share_out(at, events, clients)
    local sequences = {}
    if events < clients then
        at:fail("found %d for %d clients; allowed: at least one each", events,
            clients)
    end
    for i = 1, clients do
        sequences[i] = { delay_ns = 0, events = events // clients
            + (i <= events % clients and 1 or 0) }
    end
    return sequences
end

local function compile_events(at, value, clients, clock)
    if value.sequences ~= nil and value.events ~= nil then
        at:field("events"):fail("stands beside sequences, which have their "
            .. "own; allowed: one of the two")
    elseif value.sequences ~= nil then
        local sequences = compile_sequences(at:field "sequences",
            value.sequences, clock)
        if #sequences < clients then
            at:field("sequences"):fail("found %d for %d clients; allowed: at "
                .. "least one each", #sequences, clients)
        end
        return sequences
    end
    local events = value.events == nil and clients or value.events
    shape.integer(at:field "events", events, 1, retrial.events_max)
    return share_out(at:field "events", events, clients)
end

local function compile_setting(at, key, value)
    if key.is_duration and type(value) == "string" then
        local ms = units.milliseconds(value)
        if not ms then
            at:wrong(value, 'a duration in whole ms, such as "250ms" or "2s"')
        elseif ms < key.least or ms > key.most then
            at:wrong(value, ("%d to %d ms"):format(key.least, key.most))
        end
        return ms
    end
    return shape.integer(at, value, key.least, key.most)
end

local function compile_config(at, value)
    local config = {}
    shape.record(at, value, config_names)
    for name, setting in order.pairs(value) do
        config[name] = compile_setting(at:field(name), config_keys[name],
            setting)
    end
    return config
end

-- What no client may take: JSON, but nothing that the key allows.
local function compile_wrong(at, value, config)
    local wrong = {}
    if value == nil then
        return wrong
    end
    shape.record(at, value, config_names)
    for name, text in order.pairs(value) do
        local key, field = config_keys[name], at:field(name)
        shape.line(field, text, 'JSON as text, such as "null"',
            WRONG_BYTES_MAX)
        local number = math.tointeger(tonumber(text))
        if not retrial.is_json(text) then
            field:wrong(text, 'JSON as text, such as "null" or "-1"')
        elseif number and number >= key.least and number <= key.most then
            field:wrong(text, "what the key does not allow")
        elseif config[name] ~= nil then
            field:fail("stands in config too; allowed: one of the two")
        end
        wrong[name] = text
    end
    return wrong
end

local function compile_write_key(at, key)
    if key == nil then
        return DEFAULT_WRITE_KEY
    end
    shape.text(at, key, "text", WRITE_KEY_BYTES_MAX)
    if key == "" or key:find("%c") then
        at:wrong(key, "text, not empty, without control characters")
    end
    return key
end

-- A key of config that is named elsewhere.
-- "KEY" or "KEY.VALUE", as a capability names it.
function given.check_key(at, word)
    local name, value = word:match("^([^.]*)%.?(.*)$")
    if not config_keys[name] then
        at:unknown(name, config_names, "config key")
    end
    local values = config_keys[name].values
    for _, known in ipairs(values) do
        if value == known then
            return
        end
    end
    if value ~= "" then
        at:unknown(value, values, "value of " .. name)
    end
end

-- One size for all, or { [event] = size }.
local function compile_sizes(at, value, events)
    if value == nil then
        return 0, {}
    elseif type(value) ~= "table" then
        return shape.integer(at, value, 1, EVENT_BYTES_MAX), {}
    end
    local sizes = {}
    for event, bytes in order.pairs(shape.plain(at, value, "a table")) do
        local item = math.type(event) == "integer" and at:item(event) or at
        sizes[#sizes + 1] = {
            event = shape.integer(item, event, 1, events),
            bytes = shape.integer(item, bytes, 1, EVENT_BYTES_MAX),
        }
    end
    return 0, sizes
end

-- The scenario's clock says how long a delay may be. Returns the compiled
-- table, and how many events there are in all.
function given.compile(at, value, clock)
    value = value == nil and {} or value
    shape.record(at, value, given.words)
    local clients = value.clients == nil and 1 or shape.integer(
        at:field "clients", value.clients, 1, retrial.clients_max)
    local compiled = {
        clients = clients,
        sequences = compile_events(at, value, clients, clock),
        write_key = compile_write_key(at:field "write_key", value.write_key),
        config = compile_config(at:field "config",
            value.config == nil and {} or value.config),
    }
    compiled.wrong_config = compile_wrong(at:field "wrong_config",
        value.wrong_config, compiled.config)
    if value.https ~= nil and type(value.https) ~= "boolean" then
        at:field("https"):wrong(value.https, "true or false")
    end
    compiled.https = value.https and 1 or 0
    local events, largest = 0, 0
    for _, sequence in ipairs(compiled.sequences) do
        events = events + sequence.events
        largest = math.max(largest, sequence.events)
    end
    if events > retrial.events_max then
        at:field("sequences"):fail("found %d events in all; allowed: at "
            .. "most %d", events, retrial.events_max)
    end
    compiled.event_bytes, compiled.sizes = compile_sizes(
        at:field "event_bytes", value.event_bytes, events)
    -- Nothing said of batches: everything of a sequence in one.
    compiled.config.flushAt = compiled.config.flushAt or largest
    return compiled, events
end

return given
