-- SPDX-License-Identifier: Apache-2.0
-- The whole vocabulary, and what the host calls.

local fault = use "fault"
local place = use "place"
local profile = use "profile"
local scenario = use "scenario"
local steps = use "steps"
local strict = use "strict"
local view = use "view"

local function fail(attempt, text)
    local at = place.new(place.here(), "fail")
    local number = view.number(attempt)
    if not number then
        at:wrong(attempt, 'fail(attempt, "text") with an attempt of '
            .. "record.attempts, or nil")
    elseif type(text) ~= "string" then
        at:wrong(text, 'fail(attempt, "text")')
    end
    if not retrial.finding(number, text) then
        at:fail("can only be called in a check")
    end
end

local library = {}

library.environment = strict.new {
    scenario = scenario.declare,
    answer = steps.answer,
    fault = steps.fault,
    faults = fault.all,
    hang = steps.hang,
    decide = steps.decide,
    rest = steps.rest,
    date = steps.date,
    fail = fail,
    profile = profile,
}

-- Runs a scenario file's chunk.
function library.run(chunk)
    scenario.begin_file()
    chunk()
    if scenario.end_file() == 0 then
        error("declares no scenario", 0)
    end
end

-- What a plan keeps from one question to the next.
function library.stage(where, id)
    return { at = place.new(where, id):field "decide", memory = {} }
end

library.request = view.request

-- What a decide function returned, compiled.
function library.decided(at, step)
    if not steps.is_step(step) then
        at:fail("returned %s; allowed: answer {...}, fault {...} or "
            .. "hang {...}", place.show(step))
    end
    local compiled = steps.compile(at, step)
    if compiled.step_clock then
        at:field("step_clock"):fail("found in what decide returned; allowed: "
            .. "in a step that stands in the scenario")
    end
    if compiled.kind == "decide" then
        at:fail("returned a decide; allowed: answer {...}, fault {...} or "
            .. "hang {...}")
    elseif compiled.of_connection or compiled.family == "request" then
        at:fail("returned the fault %s, which strikes before the request is "
            .. "whole", compiled.fault)
    elseif compiled.times ~= 1 then
        at:fail("returned a step with times or rest; it is played once")
    end
    return compiled
end

-- Runs a scenario's own check; what it returns is a finding too.
function library.check(check, count, raw_attempt, client, where, id)
    local found = check(view.record(count, raw_attempt, client))
    if type(found) == "string" then
        retrial.finding(0, found)
    elseif found ~= nil then
        place.new(where, id):field("check"):fail("returned %s; allowed: "
            .. "nothing, or what was found, as text", place.show(found))
    end
end

return library
