-- SPDX-License-Identifier: Apache-2.0
-- What the server plays, route by route.

local order = use "order"
local shape = use "shape"
local steps = use "steps"

local server = {}

server.words = { "each_batch", "with_event", "decide", "ingest", "token",
    "settings", "on_connection" }
server.ingest_words = { "each_batch", "with_event", "decide" }

-- A list of ingest's: only an answer of the token route brings a token.
local function compile_list(at, list, total, per)
    local compiled = steps.compile_list(at, list, total, per)
    for i, step in ipairs(compiled) do
        if step.kind == "answer" and step.token_life_s then
            at:item(i):field("expires_in"):fail("found a token's life; "
                .. "allowed: in the steps of token")
        end
    end
    return compiled
end

-- Lists by the number of what has them:
--   with_event = { [2] = {...} }: the batch that holds event 2 has its steps;
--   on_connection = { [1] = {...} }: the first connection has its steps.
-- by: noun, most, number (in words), per (what the steps are counted by).
local function compile_numbered(at, lists, total, by)
    shape.plain(at, lists, "{ [" .. by.noun .. " number] = { steps } }")
    local compiled = {}
    for key, list in order.pairs(lists) do
        if type(key) == "string" then
            at:field(key):wrong(key, by.number)
        end
        local number = shape.integer(at:item(key), key, 1, by.most)
        compiled[#compiled + 1] = { [by.noun] = number,
            steps = compile_list(at:item(key), list, total, by.per) }
    end
    return compiled
end

-- The list part of a table that has named parts too.
local function list_part(value)
    local list = {}
    for key, step in order.pairs(value) do
        if type(key) ~= "string" then
            list[key] = step
        end
    end
    return list
end

local function compile_ingest(at, value, words, events, total)
    if steps.is_step(value) then
        value = { value }
    end
    shape.plain(at, value, "a list of steps, with " .. table.concat(words, ", "))
    shape.record(at, value, words, retrial.steps_max + 1)
    local batches = value.each_batch ~= nil or value.with_event ~= nil
    local route = { steps = compile_list(at, list_part(value), total,
        batches and "batch" or nil) }
    if value.decide ~= nil then
        local list = route.steps
        if #list > 0 and list[#list].times == 0 then
            at:field("decide"):fail("comes after rest, which takes all "
                .. "further requests; allowed: one of the two")
        elseif type(value.decide) ~= "function" then
            at:field("decide"):wrong(value.decide,
                "a function(request, memory)")
        end
        total.steps = total.steps + 1
        list[#list + 1] = { kind = "decide", times = 0, delay_ns = 0,
            decide = value.decide }
    end
    if value.each_batch ~= nil then
        route.each_batch = compile_list(at:field "each_batch",
            value.each_batch, total, "batch")
        for i, step in ipairs(route.each_batch) do
            if step.step_clock then
                at:field("each_batch"):item(i):field("step_clock"):fail(
                    "sets the clock with each batch; allowed: in a list that "
                    .. "is played once")
            end
        end
    end
    if value.with_event ~= nil then
        route.with_event = compile_numbered(at:field "with_event",
            value.with_event, total, { noun = "event", most = events,
                number = "an event's number", per = "batch" })
    end
    return route
end

local function has_own_steps(value)
    if steps.is_step(value) or value[1] ~= nil then
        return true
    end
    for _, word in ipairs(server.ingest_words) do
        if value[word] ~= nil then
            return true
        end
    end
    return false
end

-- https: the client speaks TLS. Returns the routes, the connections with steps
-- of their own (or nil), and whether a step sets the clock.
function server.compile(at, value, events, https)
    local routes, total = {}, { steps = 0, https = https }
    local on_connection
    if value == nil then
        return routes
    elseif steps.is_step(value) then
        value = { value }
    end
    shape.plain(at, value, "a list of steps, or a table of "
        .. table.concat(server.words, ", "))
    shape.record(at, value, server.words, retrial.steps_max + 1)
    if value.ingest ~= nil and has_own_steps(value) then
        at:field("ingest"):fail("stands beside steps of server itself, which "
            .. "are the same; allowed: one of the two")
    elseif value.ingest ~= nil then
        routes.ingest = compile_ingest(at:field "ingest", value.ingest,
            server.ingest_words, events, total)
    else
        routes.ingest = compile_ingest(at, value, server.words, events, total)
    end
    for _, name in ipairs { "token", "settings" } do
        if value[name] ~= nil then
            routes[name] = { steps = steps.compile_list(at:field(name),
                value[name], total) }
        end
    end
    if value.on_connection ~= nil then
        on_connection = compile_numbered(at:field "on_connection",
            value.on_connection, total, { noun = "connection",
                most = retrial.connections_max, per = "connection",
                number = "a connection's number: 1, 2, 3 ..." })
    end
    return routes, on_connection, total.sets_clock
end

return server
