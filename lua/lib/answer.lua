-- SPDX-License-Identifier: Apache-2.0
-- What an answer says: status, Retry-After, header fields, body.

local order = use "order"
local sealed = use "sealed"
local shape = use "shape"
local units = use "units"

local answer = {}

local FIELD_BYTES_MAX = 8000 -- of one header field
local FIELDS_MAX = 100       -- of one answer
local BODY_BYTES_MAX = 4 << 20

local TOKEN_LIFE_MAX = 86400 -- seconds

answer.words = { "status", "retry_after", "headers", "body", "location",
    "expires_in", "delay", "times" }
answer.date_words = { "form", "offset" }

-- ---- dates ----

local date_type = sealed.new "date"

-- The word `date`: an HTTP-date, resolved when it is served.
function answer.date(given)
    return sealed.seal(date_type, { given = given })
end

local function is_date(value)
    return sealed.open(date_type, value) ~= nil
end

local function compile_date(at, date)
    local given = shape.record(at, sealed.open(date_type, date).given,
        answer.date_words)
    local form = given.form == nil and "imf" or given.form
    shape.text(at:field "form", form, table.concat(retrial.dates, ", "), 100)
    local known = false
    for _, name in ipairs(retrial.dates) do
        known = known or name == form
    end
    if not known then
        at:field("form"):unknown(form, retrial.dates, "date form")
    end
    return { form = form, offset_s = units.offset_s(at:field "offset",
        given.offset) }
end

-- ---- Retry-After ----

local RETRY_AFTER = 'seconds (an integer), text that is sent as it is, '
    .. 'date { form =, offset = }, or a list of those'

local function compile_retry_after(at, value)
    if math.type(value) == "integer" then
        return { text = ("%d"):format(value) }
    elseif type(value) == "string" then
        return { text = shape.line(at, value, RETRY_AFTER, FIELD_BYTES_MAX) }
    elseif is_date(value) then
        return compile_date(at, value)
    elseif math.type(value) == "float" then
        at:fail('found %s; allowed: an integer, or text: "%s"', value, value)
    end
    at:wrong(value, RETRY_AFTER)
end

local function compile_retry_afters(at, value)
    if type(value) ~= "table" or is_date(value) then
        return { compile_retry_after(at, value) }
    end
    local count = shape.list(at, value, RETRY_AFTER)
    if count == 0 then
        at:fail("found an empty list; allowed: %s", RETRY_AFTER)
    elseif count > FIELDS_MAX then
        at:fail("found %d values; allowed: at most %d", count, FIELDS_MAX)
    end
    local fields = {}
    for i = 1, count do
        fields[i] = compile_retry_after(at:item(i), value[i])
    end
    return fields
end

-- ---- other header fields ----

-- What the server says by itself, and what has a word of its own.
local reserved = {
    ["content-length"] = "the server frames the body itself",
    ["transfer-encoding"] = "the server frames the body itself",
    ["retry-after"] = "write retry_after",
}

local function compile_header(at, name, value)
    shape.text(at, name, "a header field's name", FIELD_BYTES_MAX)
    if not name:find("^[%w!#$%%&'*+%-.^_`|~]+$") then
        at:fail("found the name %s; allowed: a token as in RFC 9110, 5.6.2",
            at.show(name))
    elseif reserved[name:lower()] then
        at:fail("found %s; %s", at.show(name), reserved[name:lower()])
    end
    if math.type(value) == "integer" then
        value = ("%d"):format(value)
    end
    return { name = name, value = shape.line(at, value,
        "text or an integer", FIELD_BYTES_MAX) }
end

local function compile_headers(at, headers)
    shape.plain(at, headers,
        '{ ["Name"] = "value" } or a list of { "Name", "value" }')
    local fields = {}
    for key, value in order.pairs(headers) do
        if #fields == FIELDS_MAX then
            at:fail("found more than %d fields", FIELDS_MAX)
        elseif type(key) == "string" then
            fields[#fields + 1] = compile_header(at:field(key), key, value)
        else
            local item = at:item(key)
            if shape.list(item, value, '{ "Name", "value" }') ~= 2 then
                item:fail('found %d values; allowed: { "Name", "value" }',
                    #value)
            end
            fields[#fields + 1] = compile_header(item, value[1], value[2])
        end
    end
    return fields
end

-- ---- the whole ----

local function compile_status(at, given)
    if given[1] ~= nil and given.status ~= nil then
        at:fail("found the status twice; allowed: { 429 } or { status = 429 }")
    end
    local status = given[1]
    if status == nil then
        status = given.status
    end
    return shape.to_integer(status, 100, 999)
        or shape.integer(at:field "status", status, 100, 999)
end

local function compile_body(at, body, status)
    if status < 200 or status == 204 or status == 304 then
        at:fail("found a body; a %d has none", status)
    end
    return shape.text(at, body, "text", BODY_BYTES_MAX)
end

-- Another origin is the one place worth redirecting to: its port is not known
-- before the server runs, so it has a name.
local function compile_location(at, location, status)
    if location ~= "elsewhere" and location ~= "another-host" then
        at:wrong(location,
            '"elsewhere" or "another-host" (a fixed one goes into headers)')
    elseif status < 300 or status > 399 then
        at:fail("found a location; a %d has none, 300 to 399 have", status)
    end
    return location
end

local function compile_life(at, life, step)
    if step.status < 200 or step.status > 299 then
        at:fail("found a token's life; a %d brings no token, 200 to 299 do",
            step.status)
    elseif step.body then
        at:fail("stands beside body, which says it itself; allowed: one of "
            .. "the two")
    end
    return shape.integer(at, life, 1, TOKEN_LIFE_MAX)
end

-- Fills step from what `answer` was given: only with what was said, and most
-- say little.
function answer.compile(at, given, step)
    step.status = compile_status(at, given)
    if given.body ~= nil then
        step.body = compile_body(at:field "body", given.body, step.status)
    end
    if given.retry_after ~= nil then
        step.retry_after = compile_retry_afters(at:field "retry_after",
            given.retry_after)
    end
    if given.location ~= nil then
        step.elsewhere = compile_location(at:field "location",
            given.location, step.status)
    end
    if given.expires_in ~= nil then
        step.token_life_s = compile_life(at:field "expires_in",
            given.expires_in, step)
    end
    if given.headers ~= nil then
        step.headers = compile_headers(at:field "headers", given.headers)
    end
end

return answer
