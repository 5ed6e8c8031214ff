/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of a scenario, called later: decide while serving, check when
 * all is over. */

#include "script_files.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MESSAGE_MAX = 4096 };

static struct script *load(const char *text)
{
    struct script *script = files_script(1);
    struct profile profile = {.attempt_header = "X-Retry-Count"};
    struct bytes   trouble;

    script_take_profile(script, &profile);
    bytes_init(&trouble, MESSAGE_MAX);
    if (!files_load(script, "call.lua", text, &trouble))
        fail_msg("%s", bytes_text(&trouble));
    bytes_clear(&trouble);
    return script;
}

/* A record of two attempts: the first answered 429, the second 200. */
static struct record *make_record(void)
{
    struct record *record = record_new();

    for (int i = 0; i < 2; i++) {
        struct attempt *attempt = record_attempt(record);

        attempt->connection = 1;
        attempt->route = ROUTE_INGEST;
        attempt->method = alloc_text("POST");
        attempt->target = alloc_text("/v1/batch?x");
        attempt->body = alloc_text("{\"batch\":[]}");
        attempt->body_kept_bytes = strlen(attempt->body);
        attempt->body_bytes = attempt->body_kept_bytes;
        attempt->status = i == 0 ? 429 : 200;
        attempt->arrived_ns = (1 + 3 * i) * NS_PER_S;
        attempt->answering_ns = attempt->arrived_ns + NS_PER_S / 2;
        attempt->answered_ns = attempt->answering_ns + NS_PER_S / 4;
        header_add(&attempt->headers, "X-Tag", "a");
        header_add(&attempt->headers, "x-tag", "b");
        if (i == 1)
            header_add(&attempt->headers, "X-Retry-Count", "1");
    }
    record->outcome.end = CLIENT_EXITED;
    record->outcome.has_result = true;
    record->outcome.success = true;
    record->outcome.exit_code = 3;
    return record;
}

/* ---- decide ---- */

static int decide_handle(const struct script *script, size_t plan)
{
    const struct step_list *list =
        &script_plan(script, plan)->routes[ROUTE_INGEST].steps;
    const struct step *step = &list->items[list->count - 1];

    assert_int_equal(step->kind, STEP_DECIDE);
    return step->decide;
}

/* Of every attempt, if there is anybody who says how often it came. */
static size_t two_and_five(void *nth, const struct attempt *attempt,
                           unsigned *numbers, size_t max)
{
    (void)attempt;
    assert_non_null(nth);
    assert_true(max >= 2);
    numbers[0] = 2;
    numbers[1] = 5;
    return 2;
}

static unsigned nth_of(void *nth, const struct attempt *attempt)
{
    (void)attempt;
    return *(unsigned *)nth;
}

static struct script_question question_of(const struct attempt *attempt,
                                          unsigned             *nth)
{
    return (struct script_question){.attempt = attempt,
                                    .owner = nth,
                                    .events_of = two_and_five,
                                    .nth_of = nth_of};
}

/* What is decided for the second attempt, as text; or what went wrong. */
static void decide(struct script *script, size_t plan, unsigned nth,
                   struct bytes *out)
{
    struct record         *record = make_record();
    struct script_question question = question_of(record->attempts[1], &nth);
    struct step            step;
    struct err             err;

    if (script_decide(script, decide_handle(script, plan), &question, &step,
                      &err)) {
        assert_int_equal(step.times, 1);
        step_print(&step, out);
    } else {
        assert_int_equal(err.code, ERR_SCENARIO);
        bytes_format(out, "%s: %s", err.place, err.text);
    }
    step_clear(&step);
    record_free(record);
}

static void assert_decides(struct script *script, size_t plan, unsigned nth,
                           const char *wanted)
{
    struct bytes found;

    bytes_init(&found, MESSAGE_MAX);
    decide(script, plan, nth, &found);
    assert_string_equal(bytes_text(&found), wanted);
    bytes_clear(&found);
}

static void test_decide_request(void **state)
{
    struct script *script = load(
        "scenario 'a' { rules = { 'RA-1' }, server = { decide = function(r)\n"
        "  local words = {}\n"
        "  for name, value in pairs(r) do words[#words + 1] = name end\n"
        "  return answer { 200, body = table.concat({ r.number, r.connection,\n"
        "    r.route, r.method, r.path, r.headers['x-tag'], r.body,\n"
        "    r.retry_count, table.concat(r.events, '+'), r.nth, r.at,\n"
        "    #words }, ' ') }\n"
        "end } }");

    (void)state;
    assert_decides(script, 0, 3,
                   "answer 200, body 60 bytes \"2 1 ingest POST /v1/batch?x a,"
                   " b {\\\"batch\\\":[]} 1 2+5 3 4.0 11\"");
    script_close(script);
}

static void test_decide_steps(void **state)
{
    struct script *script = load(
        "local steps = { answer { 429, retry_after = 2, delay = '1s' },\n"
        "  fault 'reset', hang {} }\n"
        "scenario 'a' { rules = { 'RA-1' }, server = { decide(function(r)\n"
        "  return steps[r.nth] end) } }\n");

    (void)state;
    assert_decides(script, 0, 1,
                   "after 1.000 s: answer 429, Retry-After: \"2\"");
    assert_decides(script, 0, 2, "fault reset");
    assert_decides(script, 0, 3, "fault hang");
    assert_decides(script, 0, 4,
                   "call.lua:3: a: decide: returned nothing; allowed: answer "
                   "{...}, fault {...} or hang {...}");
    script_close(script);
}

/* Memory is the plan's own, and chance goes on where it was. */
static void test_decide_memory(void **state)
{
    const char *text =
        "local function count(request, memory)\n"
        "  memory.n = (memory.n or 0) + 1\n"
        "  memory.die = memory.die or random(1 << 40)\n"
        "  assert(memory.n == 1 or memory.die ~= random(1 << 40))\n"
        "  return answer { 200 + memory.n }\n"
        "end\n"
        "for _, id in ipairs { 'a', 'b' } do\n"
        "  scenario(id) { rules = { 'RA-1' },\n"
        "    server = { decide = count } }\n"
        "end\n";
    struct script *script = load(text);

    (void)state;
    assert_decides(script, 0, 1, "answer 201");
    assert_decides(script, 0, 1, "answer 202");
    assert_decides(script, 1, 1, "answer 201");
    assert_decides(script, 0, 1, "answer 203");
    script_close(script);
}

static void test_decide_wrong(void **state)
{
    static const char *const cases[][2] = {
        {"return 200", "call.lua:1: a: decide: returned 200; allowed: answer "
                       "{...}, fault {...} or hang {...}"},
        {"return answer { 99 }",
         "call.lua:1: a: decide.status: found 99; allowed: an integer from "
         "100 to 999"},
        {"return answer { 200, dealy = '1s' }",
         "call.lua:1: a: decide.dealy: unknown word; did you mean delay? "
         "allowed: status, retry_after, headers, body, location, expires_in, "
         "delay, times, step_clock"},
        {"return answer { 200, step_clock = { by = '1h' } }",
         "call.lua:1: a: decide.step_clock: found in what decide returned; "
         "allowed: in a step that stands in the scenario"},
        {"return rest(answer { 200 })",
         "call.lua:1: a: decide: returned a step with times or rest; it is "
         "played once"},
        {"return answer { 200, times = 2 }",
         "call.lua:1: a: decide: returned a step with times or rest; it is "
         "played once"},
        {"return decide(function() end)",
         "call.lua:1: a: decide: returned a decide; allowed: answer {...}, "
         "fault {...} or hang {...}"},
        {"\n\nlocal t = nil + 1", "call.lua:3: attempt to perform arithmetic "
                                  "on a nil value"},
        {"return answer { request.nht }",
         "call.lua:1: request.nht: unknown word; did you mean nth? allowed: "
         "number, connection, route, method, path, headers, body, "
         "retry_count, events, nth, at"},
        {"request.nth = 1", "call.lua:1: request: cannot be changed"},
        {"\nwhile true do end",
         "call.lua:2: ran over its budget of 5000000 instructions (an endless "
         "loop?)"},
        {"\nwhile true do pcall(function() while true do end end) end",
         "call.lua:2: ran over its budget of 5000000 instructions (an endless "
         "loop?)"},
        {"\nreturn pcall(function() while true do end end)",
         "call.lua:1: ran over its budget of 5000000 instructions (an endless "
         "loop?)"},
        {"local s = ('x'):rep(4900000) local t = s .. s local u = s .. s\n"
         "return answer { 200 }",
         "call.lua:1: ran over its budget of 5000000 instructions (an endless "
         "loop?)"},
        {"\nlocal s = 'x' while true do s = s .. s end",
         "call.lua:2: used more than the 64 MB of memory it may"},
        {"return ('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(40))",
         "call.lua:1: ran over its budget of 5000000 instructions (an endless "
         "loop?)"},
        {"scenario 'b' { rules = { 'RA-1' } }",
         "call.lua:1: b: can only be declared while its file is loaded"},
        {"fail(nil, 'x')", "call.lua:1: fail: can only be called in a check"},
        {"error()", "call.lua:1: raised an error that is no text but a nil"},
        {"coroutine.yield()",
         "call.lua:1: attempt to yield from outside a coroutine"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = alloc_format(
            "scenario 'a' { rules = { 'RA-1' }, server = { decide = "
            "function(request, memory) if memory.done then return answer "
            "{ 201 } end memory.done = true %s end } }",
            cases[i][0]);
        struct script *script = load(text);

        assert_decides(script, 0, 1, cases[i][1]);
        /* And it is usable afterwards. */
        assert_decides(script, 0, 1, "answer 201");
        script_close(script);
        alloc_free(text);
    }
}

/* A packed body is none of ours to show. */
static void test_decide_packed_body(void **state)
{
    struct script *script = load(
        "scenario 'a' { rules = { 'RA-1' }, server = { decide = function(r)\n"
        "  return answer { r.body == nil and r.retry_count == nil and 201\n"
        "    or 202 } end } }");
    struct record         *record = make_record();
    struct script_question question = question_of(record->attempts[0], NULL);
    struct step            step;
    struct err             err;

    (void)state;
    header_add(&record->attempts[0]->headers, "Content-Encoding", "gzip");
    header_add(&record->attempts[0]->headers, "X-Retry-Count", "+1");
    assert_true(script_decide(script, decide_handle(script, 0), &question,
                              &step, &err));
    assert_int_equal(step.answer.status, 201);
    step_clear(&step);
    record_free(record);
    script_close(script);
}

/* A request that is kept can be looked at later; only who counts is gone by
 * the time of a check. */
static void test_decide_keeps_request(void **state)
{
    struct script *script =
        load("local kept\n"
             "scenario 'a' { rules = { 'RA-1' },\n"
             "server = { decide = function(request, memory)\n"
             "  if kept and kept.nth == 8 and kept.body == request.body\n"
             "    and kept.number == 2 and #kept.events == 2\n"
             "    and kept.events == kept.events then\n"
             "    kept = request\n"
             "    return answer { 202 }\n"
             "  end\n"
             "  kept = request\n"
             "  return answer { 201 } end },\n"
             "check = function(record)\n"
             "  assert(kept.number == 2 and kept.headers['x-tag'] == 'a, b')\n"
             "  return kept.nth .. '' end }");
    struct record         *record = make_record();
    struct script_question question;
    struct verdict        *verdict = verdict_new();
    struct step            step;
    struct err             err;
    unsigned               nth = 7;

    (void)state;
    question = question_of(record->attempts[1], &nth);
    for (int status = 201; status <= 202; status++, nth++) {
        assert_true(script_decide(script, decide_handle(script, 0), &question,
                                  &step, &err));
        assert_int_equal(step.answer.status, status);
        step_clear(&step);
    }
    assert_false(
        script_check(script, script_plan(script, 0), record, verdict, &err));
    assert_string_equal(err.place, "call.lua:14");
    assert_string_equal(err.text,
                        "the request's events and nth can be looked at while a "
                        "decide function runs, not in a check");
    verdict_free(verdict);
    record_free(record);
    script_close(script);
}

/* Asked ten thousand times, with answers of some size: nothing piles up. */
static void test_decide_often(void **state)
{
    struct script *script = load(
        "local body = ('x'):rep(100000)\n"
        "scenario 'a' { rules = { 'RA-1' }, server = { decide = function(r)\n"
        "  return answer { 200, body = body .. r.nth } end } }");
    struct record *record = make_record();
    int            handle = decide_handle(script, 0);

    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        struct script_question question = question_of(record->attempts[0], &i);
        struct step            step;
        struct err             err;

        if (!script_decide(script, handle, &question, &step, &err))
            fail_msg("%s: %s", err.place, err.text);
        step_clear(&step);
    }
    record_free(record);
    script_close(script);
}

/* ---- check ---- */

/* The count is read from the profile's header, and from none without one. */
static void test_count_follows_profile(void **state)
{
    static const char *const names[] = {"X-Retry-Count", "Other", "", "X-Tag"};
    struct script           *script =
        load("scenario 'a' { rules = { 'RA-1' }, check = function(record)\n"
             "  fail(nil, tostring(record.attempts[2].retry_count)) end }");
    struct record  *record = make_record();
    struct verdict *verdict = verdict_new();
    struct err      err;

    (void)state;
    header_add(&record->attempts[1]->headers, "Other", "7");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct profile profile = {0};

        snprintf(profile.attempt_header, PROFILE_NAME_MAX, "%s", names[i]);
        script_take_profile(script, &profile);
        assert_true(script_check(script, script_plan(script, 0), record,
                                 verdict, &err));
    }
    assert_string_equal(verdict->findings[0].text, "1");
    assert_string_equal(verdict->findings[1].text, "7");
    assert_string_equal(verdict->findings[2].text, "nil");
    assert_string_equal(verdict->findings[3].text, "nil");
    verdict_free(verdict);
    record_free(record);
    script_close(script);
}

/* Runs the check; findings as "ATTEMPT: TEXT" a line, or what went wrong. */
static void assert_check(const char *body, const char *wanted)
{
    char *text = alloc_format("scenario 'a' { rules = { 'RA-1' }, check = "
                              "function(record) %s end }",
                              body);
    struct script  *script = load(text);
    struct record  *record = make_record();
    struct verdict *verdict = verdict_new();
    struct bytes    found;
    struct err      err;

    bytes_init(&found, MESSAGE_MAX);
    if (!script_check(script, script_plan(script, 0), record, verdict, &err)) {
        assert_int_equal(err.code, ERR_SCENARIO);
        bytes_format(&found, "%s: %s\n", err.place, err.text);
    }
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];

        assert_string_equal(finding->subject, "expect");
        assert_int_equal(finding->kind, FINDING_BREACH);
        bytes_format(&found, "%u: %s\n", finding->attempt, finding->text);
    }
    assert_string_equal(bytes_text(&found), wanted);
    bytes_clear(&found);
    verdict_free(verdict);
    record_free(record);
    script_close(script);
    alloc_free(text);
}

static void test_check_record(void **state)
{
    (void)state;
    assert_check(
        "local a, b = record.attempts[1], record.attempts[2]\n"
        "assert(#record.attempts == 2 and record.attempts[3] == nil)\n"
        "assert(a.number == 1 and b.connection == 1 and b.route == 'ingest')\n"
        "assert(a.method == 'POST' and a.path == '/v1/batch?x')\n"
        "assert(a.headers['x-tag'] == 'a, b' and a.headers.other == nil)\n"
        "assert(a.retry_count == nil and b.retry_count == 1)\n"
        "assert(a.status == 429 and a.fault == nil and a.body_bytes == 12)\n"
        "assert(a.arrived == 1 and a.answered == 1.75)\n"
        "assert(a.gap == nil and b.gap == 2.5)\n"
        "local c = record.client\n"
        "assert(c.success and c.error == nil and c.exit_code == 3)\n"
        "assert(c.ended == 'exited')\n"
        "local n = 0\n"
        "for i, attempt in ipairs(record.attempts) do n = n + i end\n"
        "for i, attempt in pairs(record.attempts) do n = n + i end\n"
        "assert(n == 6)",
        "");
}

static void test_check_findings(void **state)
{
    (void)state;
    assert_check("", "");
    assert_check("return nil", "");
    assert_check("return 'too late'", "0: too late\n");
    assert_check("for _, a in ipairs(record.attempts) do fail(a, 'at ' .. "
                 "a.arrived) end fail(nil, 'both') return 'end'",
                 "1: at 1.0\n2: at 4.0\n0: both\n0: end\n");
}

static void test_check_wrong(void **state)
{
    static const char *const cases[][2] = {
        {"assert(false)", "call.lua:1: assertion failed!\n"},
        {"\nassert(#record.attempts == 3, 'three')", "call.lua:2: three\n"},
        {"\nerror 'no'", "call.lua:2: no\n"},
        {"return false", "call.lua:1: a: check: returned false; allowed: "
                         "nothing, or what was found, as text\n"},
        {"return record.attempt",
         "call.lua:1: record.attempt: unknown word; did you mean attempts? "
         "allowed: attempts, client\n"},
        {"return record.attempts[1].state",
         "call.lua:1: attempt.state: unknown word; did you mean status? "
         "allowed: number, connection, route, method, path, headers, "
         "retry_count, status, fault, arrived, answered, gap, body_bytes\n"},
        {"return record.attempts.first",
         "call.lua:1: record.attempts: is a list; found [\"first\"]\n"},
        {"record.attempts[1] = 1",
         "call.lua:1: record.attempts: cannot be changed\n"},
        {"record.client.success = false",
         "call.lua:1: record.client: cannot be changed\n"},
        {"fail(1, 'x')", "call.lua:1: fail: found 1; allowed: fail(attempt, "
                         "\"text\") with an attempt of record.attempts, or "
                         "nil\n"},
        {"fail(nil)",
         "call.lua:1: fail: found nothing; allowed: fail(attempt, \"text\")\n"},
        {"\nwhile true do end",
         "call.lua:2: ran over its budget of 5000000 instructions (an endless "
         "loop?)\n"},
        {"scenario 'b'",
         "call.lua:1: b: can only be declared while its file is loaded\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_check(cases[i][0], cases[i][1]);
}

/* A record of the largest size is gone through within the budgets. */
static void test_check_large(void **state)
{
    struct script *script =
        load("scenario 'a' { rules = { 'RA-1' }, check = function(record)\n"
             "  local sum = 0\n"
             "  for i = 1, #record.attempts do\n"
             "    sum = sum + record.attempts[i].number\n"
             "  end\n"
             "  return 'sum ' .. sum\n"
             "end }");
    struct record  *record = record_new();
    struct verdict *verdict = verdict_new();
    struct err      err;

    (void)state;
    for (int i = 0; i < 10000; i++)
        record_attempt(record);
    if (!script_check(script, script_plan(script, 0), record, verdict, &err))
        fail_msg("%s: %s", err.place, err.text);
    assert_int_equal(verdict->finding_count, 1);
    assert_string_equal(verdict->findings[0].text, "sum 50005000");
    verdict_free(verdict);
    record_free(record);
    script_close(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decide_request),
        cmocka_unit_test(test_decide_steps),
        cmocka_unit_test(test_decide_memory),
        cmocka_unit_test(test_decide_wrong),
        cmocka_unit_test(test_decide_packed_body),
        cmocka_unit_test(test_decide_keeps_request),
        cmocka_unit_test(test_decide_often),
        cmocka_unit_test(test_count_follows_profile),
        cmocka_unit_test(test_check_record),
        cmocka_unit_test(test_check_findings),
        cmocka_unit_test(test_check_wrong),
        cmocka_unit_test(test_check_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
