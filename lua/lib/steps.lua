-- SPDX-License-Identifier: Apache-2.0
-- The steps of a server, as words: answer, fault, hang, decide, rest.
--
-- A word only notes what it was given and on which line; it is checked when
-- the scenario that holds it is declared, because only then its path is known.
-- A step cannot be changed, so it can stand in many scenarios.

local answer = use "answer"
local fault = use "fault"
local place = use "place"
local sealed = use "sealed"
local shape = use "shape"
local units = use "units"

local steps = {}

local TIMES_MAX = 100000
local STEPS = "answer {...}, fault {...}, hang {...}, decide(function) or "
    .. "rest(step)"

local step_type = sealed.new "step"

local function note(kind, given, where)
    return sealed.seal(step_type, { kind = kind, given = given,
        where = where or place.here() })
end

local function said_of(value)
    return sealed.open(step_type, value)
end

function step_type.__mul(left, right)
    local step, times = left, right
    if not said_of(step) then
        step, times = right, left
    end
    local repeated = note("times", step, said_of(step).where)
    said_of(repeated).times = times
    return repeated
end

-- ---- the words ----

steps.date = answer.date

function steps.answer(given)
    return note("answer", given)
end

function steps.fault(given)
    return note("fault", given)
end

function steps.hang(given)
    return note("hang", given)
end

function steps.decide(given)
    return note("decide", given)
end

function steps.rest(given)
    return note("rest", given)
end

-- ---- compiled: the tables that the host reads ----

local compile -- (at, step) -> table

local CLOCK_STEP_MAX_S = 7 * 86400

-- step_clock = { by = "-1h", after = "10s" }: the wall clock alone is set.
local function compile_clock(at, value)
    shape.record(at, value, { "by", "after" })
    local by_s = units.offset_s(at:field "by", value.by)
    if by_s == 0 or math.abs(by_s) > CLOCK_STEP_MAX_S then
        at:field("by"):wrong(value.by, ("at most %d seconds either way, not 0")
            :format(CLOCK_STEP_MAX_S))
    end
    return { by_s = by_s, after_ns = value.after == nil and 0
        or units.duration_ns(at:field "after", value.after, 0,
            retrial.wait_max_ns) }
end

local function compile_common(at, given, step)
    if given.times ~= nil then
        step.times = shape.integer(at:field "times", given.times, 1, TIMES_MAX)
    end
    if given.delay ~= nil then
        step.delay_ns = units.duration_ns(at:field "delay", given.delay, 0,
            units.HOUR)
    end
    if given.step_clock ~= nil then
        step.step_clock = compile_clock(at:field "step_clock",
            given.step_clock)
    end
    return step
end

local kinds = {}
-- Not among the words of what a fault carries.
local answer_words = { table.unpack(answer.words) }
local hang_words = { table.unpack(fault.words) }
answer_words[#answer_words + 1] = "step_clock"
hang_words[#hang_words + 1] = "step_clock"

function kinds.answer(at, said)
    local given = said.given
    local step = { kind = "answer", times = 1, delay_ns = 0 }
    shape.record(at, given, answer_words, 1)
    answer.compile(at, given, step)
    return compile_common(at, given, step)
end

function kinds.fault(at, said)
    local step = { kind = "fault", times = 1, delay_ns = 0 }
    return compile_common(at, fault.compile(at, said.given, step), step)
end

function kinds.hang(at, said)
    local given = said.given == nil and {} or said.given
    shape.record(at, given, hang_words)
    return compile_common(at, given,
        { kind = "fault", fault = "hang", times = 1, delay_ns = 0 })
end

function kinds.decide(at, said)
    if said.given == nil then
        at:wrong(nil, "a function(request, memory)")
    end
    return { kind = "decide", times = 1, delay_ns = 0,
        decide = shape.call(at, said.given, "request, memory") }
end

function kinds.times(at, said)
    local step = compile(at, said.given)
    if step.times ~= 1 then
        at:fail("is repeated twice; allowed: times = n, or step * n")
    end
    step.times = shape.integer(at, said.times, 1, TIMES_MAX)
    return step
end

function kinds.rest(at, said)
    if not steps.is_step(said.given) then
        at:fail("rest holds %s; allowed: answer {...}, fault {...}, "
            .. "hang {...} or decide(function)", place.show(said.given))
    elseif said_of(said.given).kind == "rest" then
        at:fail("rest holds a rest; allowed: one")
    end
    local step = compile(at, said.given)
    if step.times ~= 1 then
        at:fail("rest holds a step with times; rest is for all further "
            .. "requests")
    end
    step.times = 0
    return step
end

function steps.is_step(value)
    return said_of(value) ~= nil
end

-- The line a step was written on.
function steps.where(step)
    return said_of(step).where
end

function compile(at, step)
    local said = said_of(step)
    if not said then
        if type(step) == "function" then
            at:fail("found a function; allowed: decide(function), or a word "
                .. "with its {...}: hang {}")
        end
        at:wrong(step, STEPS)
    end
    return kinds[said.kind](at:from(said.where), said)
end

steps.compile = compile

-- Some faults strike before the server can know whose list it would be, some
-- only over TLS or only in the clear.
local function check_place(at, step, index, list_of, https)
    if step.of_connection and (list_of ~= "connection" or index > 1) then
        at:fail("%s strikes before there is a request; allowed: as the first "
            .. "step of on_connection = { [number] = ... }", step.fault)
    elseif step.family == "request" and list_of == "batch" then
        at:fail("%s strikes before the body tells whose batch it is; allowed: "
            .. "in a list without each_batch and with_event, or in "
            .. "on_connection", step.fault)
    elseif step.over == "tls" and not https then
        at:fail("%s is played over TLS only; allowed: in a scenario with "
            .. "given = { https = true }", step.fault)
    elseif step.over == "clear" and https then
        at:fail("%s is played in the clear only; allowed: in a scenario "
            .. "without https", step.fault)
    end
end

-- A clock is set once, and the trial begins so far ahead that no clock is ever
-- behind the kernel's.
local function check_clock(at, step, total)
    if not step.step_clock then
        return
    elseif step.times ~= 1 then
        at:fail("sets the clock as often as it is played; allowed: in a step "
            .. "that is played once")
    end
    total.sets_clock = true
end

-- A list of steps, or one step; total counts the steps of the plan, and knows
-- whether it is played over https. list_of says whose they are: "connection",
-- "batch", or nil.
function steps.compile_list(at, list, total, list_of)
    if steps.is_step(list) then
        list = { list }
    end
    local count = shape.list(at, list, "a list of steps: " .. STEPS)
    local compiled = {}
    total.steps = total.steps + count
    if total.steps > retrial.steps_max then
        at:fail("the scenario has more than %d steps; say times = n, or rest",
            retrial.steps_max)
    end
    for i = 1, count do
        if i > 1 and compiled[i - 1].times == 0 then
            at:item(i):from(steps.is_step(list[i]) and steps.where(list[i])
                or at.where):fail("comes after rest, which takes all further "
                .. "requests; allowed: rest as the last step")
        end
        compiled[i] = compile(at:item(i), list[i])
        check_place(at:item(i):from(steps.where(list[i])), compiled[i], i,
            list_of, total.https)
        check_clock(at:item(i):from(steps.where(list[i])):field "step_clock",
            compiled[i], total)
    end
    return compiled
end

return steps
