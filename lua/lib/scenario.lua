-- SPDX-License-Identifier: Apache-2.0
-- The word `scenario`: scenario "id" { ... }.

local expect = use "expect"
local given = use "given"
local place = use "place"
local server = use "server"
local shape = use "shape"
local units = use "units"

local scenario = {}

scenario.words = { "about", "when", "rules", "needs", "given", "server", "expect",
    "check", "limit", "observe", "clock", "summer_time" }

local ID_BYTES_MAX = 120
local ABOUT_BYTES_MAX = 500
local WORDS_MAX = 100
local DEFAULT_LIMIT = 30 * 1000000000 -- as plan_new has it

local open = {} -- declared, but not yet given a body

local function check_rule(at, rule, seen)
    local known = false
    shape.text(at, rule, "a rule's id", 100)
    for _, id in ipairs(retrial.rules) do
        known = known or id == rule
    end
    if not known then
        at:fail('unknown rule %s%s `retrial list rules` has them',
            place.show(rule), place.hint(rule, retrial.rules))
    elseif seen[rule] then
        at:fail("names %s twice", rule)
    end
    seen[rule] = true
    return rule
end

-- false stands for a rule that the profile does not have here (profile.rule).
local function compile_rules(at, value)
    local count = shape.list(at, value, 'a list of rules, such as { "RA-1" }')
    local rules, seen = {}, {}
    if count == 0 then
        at:fail("found an empty list; allowed: at least one rule that the "
            .. "scenario is there to exercise")
    elseif count > WORDS_MAX then
        at:fail("found %d rules; allowed: at most %d", count, WORDS_MAX)
    end
    for i = 1, count do
        if value[i] ~= false then
            rules[#rules + 1] = check_rule(at:item(i), value[i], seen)
        end
    end
    return rules
end

local function compile_needs(at, value)
    if value == nil then
        return nil
    end
    local needs = {}
    local count = shape.list(at, value, 'a list of capabilities')
    if count > WORDS_MAX then
        at:fail("found %d words; allowed: at most %d", count, WORDS_MAX)
    end
    for i = 1, count do
        local item = at:item(i)
        needs[i] = shape.text(item, value[i], "a capability", 100)
        if not needs[i]:find("^%a[%w._-]*$") then
            item:wrong(needs[i], "a word of letters, digits, '.', '_', '-'")
        end
        local key = needs[i]:match("^config%.(.*)$")
        if key then
            given.check_key(item, key)
        end
    end
    return needs
end

local function compile_clock(at, clock)
    if clock == nil then
        return "either"
    end
    shape.text(at, clock, '"' .. table.concat(retrial.clocks, '", "') .. '"',
        100)
    for _, name in ipairs(retrial.clocks) do
        if clock == name then
            return clock
        end
    end
    at:fail("unknown clock %s%s allowed: %s", place.show(clock),
        place.hint(clock, retrial.clocks), table.concat(retrial.clocks, ", "))
end

local function compile_times(at, value, plan)
    plan.limit_ns = value.limit == nil and 0 or units.wait_ns(
        at:field "limit", value.limit, 1, plan.clock)
    plan.observe_ns = value.observe == nil and 0 or units.wait_ns(
        at:field "observe", value.observe, 1, plan.clock)
    local limit_ns = plan.limit_ns > 0 and plan.limit_ns or DEFAULT_LIMIT
    if plan.observe_ns >= limit_ns then
        at:field("observe"):fail("found %s; allowed: less than limit (%d s)",
            place.show(value.observe), limit_ns // 1000000000)
    end
end

-- The wall clock begins so long before the change.
local function compile_summer_time(at, value, clock)
    if value == nil then
        return nil
    end
    shape.record(at, value, { "begins_in", "ends_in" })
    if value.begins_in ~= nil and value.ends_in ~= nil then
        at:fail("found begins_in and ends_in; allowed: one of them")
    end
    local change = value.begins_in ~= nil and "begins_in"
        or value.ends_in ~= nil and "ends_in"
        or at:fail("found neither begins_in nor ends_in; allowed: one of them")
    return { change = change, in_ns = units.wait_ns(at:field(change),
        value[change], 0, clock) }
end

-- Whether it is a scenario of this profile: it says so (when), and has a rule
-- to exercise.
local function is_for_profile(at, value)
    shape.record(at, value, scenario.words)
    if value.when ~= nil and type(value.when) ~= "boolean" then
        at:field("when"):wrong(value.when, "true or false")
    end
    return value.when ~= false
        and #compile_rules(at:field "rules", value.rules) > 0
end

local function compile(at, id, line, value)
    local plan = { id = id, line = line }
    local events
    if value.about ~= nil then
        plan.about = shape.line(at:field "about", value.about, "text",
            ABOUT_BYTES_MAX)
    end
    plan.rules = compile_rules(at:field "rules", value.rules)
    plan.needs = compile_needs(at:field "needs", value.needs)
    plan.clock = compile_clock(at:field "clock", value.clock)
    plan.given, events = given.compile(at:field "given", value.given,
        plan.clock)
    local sets_clock
    plan.routes, plan.on_connection, sets_clock = server.compile(
        at:field "server", value.server, events, plan.given.https == 1)
    if sets_clock and plan.clock ~= "jump" then
        at:field("clock"):fail('found %s, where a step has step_clock; '
            .. 'allowed: "jump", the one clock that can be set',
            place.show(value.clock))
    end
    if value.summer_time ~= nil and plan.clock ~= "jump" then
        at:field("clock"):fail('found %s, where summer_time sets the clock; '
            .. 'allowed: "jump"', place.show(value.clock))
    end
    plan.summer_time = compile_summer_time(at:field "summer_time",
        value.summer_time, plan.clock)
    plan.expect = expect.compile(at:field "expect", value.expect, events)
    plan.check = shape.call(at:field "check", value.check, "record")
    compile_times(at, value, plan)
    return plan
end

local function check_id(at, id)
    if type(id) ~= "string" then
        at:wrong(id, 'an id, as in scenario "status/503" { ... }')
    elseif #id > ID_BYTES_MAX then
        at:fail("found an id of %d bytes; allowed: at most %d", #id,
            ID_BYTES_MAX)
    elseif not id:find("^[a-z0-9][a-z0-9._/+-]*$") then
        at:wrong(id, "small letters, digits and . _ / + -, the first a "
            .. "letter or digit")
    end
    local other = retrial.declared(id)
    if other then
        at:fail("%s is declared twice; first at %s", place.show(id), other)
    end
end

function scenario.declare(id)
    local where, line = retrial.where()
    if not where then
        error("scenario is called where the file has no line: write "
            .. 'scenario "id" { ... }, without return', 0)
    end
    check_id(place.new(where, "scenario"), id)
    if not retrial.begin(id) then
        place.new(where, id):fail("can only be declared while its file is "
            .. "loaded")
    end
    local entry = { where = where, id = id }
    open[#open + 1] = entry
    return function(value)
        local at = place.new(where, id)
        local other = retrial.declared(id)
        if other then
            at:fail("is declared twice; first at %s", other)
        end
        entry.refused = true
        if is_for_profile(at, value)
                and not retrial.declare(compile(at, id, line, value)) then
            at:field("expect"):fail('found "policy", which cannot tell what '
                .. "follows a step that is decided, a redirect, a fault of "
                .. "more than one reading, OAuth, on_connection, "
                .. "wrong_config or a full queue; allowed: numbers")
        end
        entry.refused, entry.done = false, true
        retrial.stop()
    end
end

-- Around a file: nothing may stay open in it.
function scenario.begin_file()
    open = {}
end

function scenario.end_file()
    for _, entry in ipairs(open) do
        if entry.refused then
            place.new(entry.where, entry.id):fail("was refused, and the "
                .. "error caught")
        elseif not entry.done then
            place.new(entry.where, entry.id):fail("is declared without a "
                .. 'body; allowed: scenario "%s" { rules = ..., server = ... }',
                entry.id)
        end
    end
    return #open
end

return scenario
