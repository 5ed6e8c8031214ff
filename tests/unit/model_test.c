/* SPDX-License-Identifier: Apache-2.0 */
/* The nouns: records and verdicts written down and read back, profiles, plans
 * and the tables of rules and faults. */

#include "common/alloc.h"
#include "common/clock.h"
#include "common/rng.h"
#include "model/fault.h"
#include "model/header.h"
#include "model/plan.h"
#include "model/profile_load.h"
#include "model/record.h"
#include "model/rule.h"
#include "model/run.h"
#include "model/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = 4 << 20 };

/* ---- records ---- */

static void add_attempt(struct record *record, const char *body,
                        size_t body_bytes)
{
    struct attempt *attempt = record_attempt(record);

    attempt->connection = 3;
    attempt->route = ROUTE_INGEST;
    attempt->method = alloc_text("POST");
    attempt->target = alloc_text("/v1/batch?\xff");
    attempt->version = alloc_text("HTTP/1.1");
    header_add(&attempt->headers, "Host", "127.0.0.1");
    header_add(&attempt->headers, "X-Odd", "\x01\xc3\x28\"\\");
    header_add(&attempt->headers, "X-Odd", "");
    attempt->body = alloc_zero(body_bytes + 1, 1);
    memcpy(attempt->body, body, body_bytes);
    attempt->body_kept_bytes = body_bytes;
    attempt->body_bytes = body_bytes + 7;
    snprintf(attempt->body_sha256, sizeof attempt->body_sha256, "00ff");
    attempt_violation(attempt, VIOLATION_HOST, "two %s", "lengths");
    attempt_keep_raw(record, attempt, "POST \0\xff", 7);
    attempt->accepted_ns = 0;
    attempt->arrived_ns = 1234567890123;
    attempt->body_ns = 1234567890124;
    attempt->answering_ns = INT64_C(9007199254740991);
    attempt->played = alloc_text("1. answer 429");
    attempt->status = 429;
    header_add(&attempt->answer_headers, "Retry-After", " 2 ");
    attempt->answer_body_bytes = 12;
    attempt->answer_wall_s = 1700000000;
    attempt->end = ANSWER_GONE;
}

static struct record *sample_record(void)
{
    struct record *record = record_new();
    struct remark *remark;

    record->plan_id = alloc_text("a/b");
    record->plan_text = alloc_text("plan\n  step\n");
    record->client = alloc_text("");
    record->clock = alloc_text("real");
    record->seed = UINT64_MAX;
    record->started_wall_s = 1700000000;
    record->undecided = alloc_text("x.lua:3: no answer");
    add_attempt(record, "{\"batch\":[]}", 12);
    add_attempt(record, "\x1f\x8b\x00\xff", 4);
    add_attempt(record, "gr\xc3\xbc\xc3\x9f\n", 8);
    add_attempt(record, "", 0);
    record_attempt(record)->fault = FAULT_HANG;
    remark =
        record_remark(record, 7, 9, "a connection that sent %s", "nothing");
    remark->wrong = VIOLATION_FRAME;
    remark_keep_raw(record, remark, "\n", 1);
    record->noise = (struct noise){.ticks = 3,
                                   .late = {1, 2, 3},
                                   .answer = {4, 5, 6},
                                   .beat = {7, 8, 9},
                                   .unjumped_ns = 10,
                                   .held_up_ns = 11,
                                   .starved_ns = 12,
                                   .starved_most_ns = 9,
                                   .idle_ns = 14};
    record->outcome = (struct client_outcome){
        .end = CLIENT_CRASHED,
        .exit_code = -1,
        .signal = 11,
        .started_ns = 5,
        .ended_ns = 6,
        .result_ns = 4,
        .error = alloc_text("it \"failed\"\n"),
        .left = alloc_text("sleep 1000"),
        .err_tail = alloc_text("\xfe\xff"),
    };
    return record;
}

static char *written(const struct record *record)
{
    struct bytes text;

    bytes_init(&text, TEXT_MAX);
    record_write(record, &text);
    assert_false(text.truncated);
    return bytes_take(&text);
}

static void test_record_round_trip(void **state)
{
    struct record *record = sample_record();
    struct record *again = NULL;
    char          *text = written(record);
    char          *second;
    struct err     err = {0};

    (void)state;
    if (!record_read(text, strlen(text), "FILE", &again, &err))
        fail_msg("%s: %s", err.place, err.text);
    second = written(again);
    assert_string_equal(text, second);
    assert_true(again->seed == UINT64_MAX);
    assert_memory_equal(&again->noise, &record->noise, sizeof record->noise);
    assert_int_equal(noise_bound_ns(&again->noise), 10);
    assert_string_equal(again->undecided, "x.lua:3: no answer");
    assert_null(again->profile);
    assert_string_equal(again->client, "");
    assert_int_equal(again->attempt_count, 5);
    assert_memory_equal(again->attempts[1]->body, "\x1f\x8b\x00\xff\x00", 5);
    assert_string_equal(again->attempts[0]->target, "/v1/batch?\xff");
    assert_string_equal(header_get(&again->attempts[0]->headers, "x-odd", 0),
                        "\x01\xc3\x28\"\\");
    assert_true(again->attempts[0]->answering_ns == INT64_C(9007199254740991));
    assert_true(again->attempts[0]->gone_ns == TIME_NEVER);
    assert_int_equal(again->attempts[4]->fault, FAULT_HANG);
    assert_int_equal(again->attempts[0]->violations[0].kind, VIOLATION_HOST);
    assert_int_equal(again->attempts[0]->raw_bytes, 7);
    assert_memory_equal(again->attempts[0]->raw, "POST \0\xff", 7);
    assert_null(again->attempts[4]->raw);
    assert_int_equal(again->remarks[0].wrong, VIOLATION_FRAME);
    assert_string_equal(again->remarks[0].raw, "\n");
    assert_null(again->attempts[4]->body);
    assert_string_equal(again->remarks[0].text,
                        "a connection that sent nothing");
    assert_string_equal(again->outcome.err_tail, "\xfe\xff");
    assert_null(again->outcome.trouble);
    assert_string_equal(again->outcome.left, "sleep 1000");
    alloc_free(second);
    alloc_free(text);
    record_free(again);
    record_free(record);
}

/* What a client made of a spoiled handshake is added to the strike, to the one
 * of its connection, and comes back as it was. */
static void strikes_are_met(void **state)
{
    struct record *record = record_new();
    struct record *again = NULL;
    struct err     err;
    char          *text;

    (void)state;
    record_strike(record, 5, 5, 1, FAULT_TLS_EXPIRED);
    record_strike(record, 6, 6, 2, FAULT_TLS_STALL);
    record_remark(record, 7, 1, "something else");
    record_strike_met(record, 8, 1, 120, "it said %d bytes", 120);
    record_strike_met(record, 9, 2, NO_SESSION, "it went");
    record_strike_met(record, 9, 3, NO_SESSION, "nobody was struck there");
    text = written(record);
    if (!record_read(text, strlen(text), "FILE", &again, &err))
        fail_msg("%s: %s", err.place, err.text);
    assert_int_equal(again->remark_count, 3);
    assert_string_equal(again->remarks[0].text,
                        "fault tls-expired: the server's certificate is valid "
                        "no more; it said 120 bytes");
    assert_int_equal(again->remarks[0].until_ns, 8);
    assert_int_equal(again->remarks[0].heard_bytes, 120);
    assert_non_null(strstr(again->remarks[1].text, "; it went"));
    assert_int_equal(again->remarks[1].heard_bytes, NO_SESSION);
    assert_string_equal(again->remarks[2].text, "something else");
    alloc_free(text);
    record_free(again);
    record_free(record);
}

/* Replaces the first `from` by `to`; yours. */
static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    assert_non_null(at);
    return alloc_format("%.*s%s%s", (int)(at - text), text, to,
                        at + strlen(from));
}

static void assert_refused(const char *text, const char *place, const char *why)
{
    struct record *record = NULL;
    struct err     err = {0};

    assert_false(record_read(text, strlen(text), "FILE", &record, &err));
    assert_null(record);
    assert_int_equal(err.code, ERR_USAGE);
    if (strcmp(err.place, place) != 0 || strstr(err.text, why) == NULL)
        fail_msg("want %s: %s\ngot  %s: %s", place, why, err.place, err.text);
}

static void test_record_refuses(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *place;
        const char *why;
    } cases[] = {
        {"\"format\":1", "\"format\":2", "FILE:1",
         "format: found 2, allowed is 1"},
        {"\"format\":1", "\"form\":1", "FILE:1", "format: found nothing"},
        {"\"kind\":\"head\"", "\"kind\":\"end\"", "FILE:1",
         "kind: found \"end\", allowed is head"},
        {"\"18446744073709551615\"", "\"18446744073709551616\"", "FILE:1",
         "seed: found \"18446744073709551616\""},
        {"\"number\":1", "\"number\":2", "FILE:2",
         "number: found 2, allowed is 1"},
        {"\"route\":\"ingest\"", "\"route\":\"ingress\"", "FILE:2",
         "route: found \"ingress\", allowed is one of: ingest"},
        {"\"arrived_ns\":1234567890123", "\"arrived_ns\":1.5", "FILE:2",
         "arrived_ns: found 1.5, allowed is an integer"},
        {"\"arrived_ns\":1234567890123", "\"arrived_ns\":-2", "FILE:2",
         "arrived_ns: found -2"},
        {"\"arrived_ns\":1234567890123", "\"arrived_ns\":1e300", "FILE:2",
         "arrived_ns: found"},
        {"\"arrived_ns\":1234567890123", "\"arrived_ns\":\"1\"", "FILE:2",
         "arrived_ns: found \"1\""},
        {"\"status\":429", "\"status\":1000", "FILE:2",
         "status: found 1000, allowed is an integer from 0 to 999"},
        {"\"body_bytes\":19", "\"body_bytes\":3", "FILE:2",
         "body_bytes: found 3, allowed is at least what was kept"},
        {"\"headers\":[", "\"headers\":{},\"x\":[", "FILE:2",
         "headers: found an object, allowed is a list"},
        {"{\"name\":\"Host\",", "{\"nam\":\"Host\",", "FILE:2",
         "name: found nothing"},
        {"\"end\":\"gone\"", "\"end\":\"went\"", "FILE:2",
         "end: found \"went\", allowed is one of: none complete cut gone"},
        {"\"body_base64\":\"", "\"body_base64\":\"!", "FILE:3",
         "body_base64: found"},
        {"\"kind\":\"remark\"", "\"kind\":\"head\"", "FILE:7",
         "kind: found \"head\", allowed is attempt, remark or end"},
        {"\"attempts\":5", "\"attempts\":6", "FILE:8",
         "attempts: found 6, allowed is 5"},
        {"\"overflow\":false", "\"overflow\":0", "FILE:8",
         "overflow: found 0, allowed is true or false"},
        {"\"outcome\":{", "\"outcom\":{", "FILE:8",
         "outcome: found nothing, allowed is an object"},
        {"\"end\":\"crashed\"", "\"end\":\"fine\"", "FILE:8",
         "end: found \"fine\", allowed is one of: not-started exited"},
    };
    struct record *record = sample_record();
    char          *text = written(record);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *wrong = replaced(text, cases[i].from, cases[i].to);

        assert_refused(wrong, cases[i].place, cases[i].why);
        alloc_free(wrong);
    }
    alloc_free(text);
    record_free(record);
}

/* Wherever a record is cut, it is no record. */
static void test_record_cut(void **state)
{
    struct record *record = sample_record();
    char          *text = written(record);
    size_t         length = strlen(text);

    (void)state;
    for (size_t cut = 0; cut + 1 < length; cut++) {
        struct record *read = NULL;
        struct err     err = {0};

        assert_false(record_read(text, cut, "FILE", &read, &err));
        assert_string_equal(err.text, "the record was cut: no end line");
    }
    text[length - 1] = '\0'; /* only the last newline is missing */
    {
        struct record *read = NULL;
        struct err     err = {0};

        assert_true(record_read(text, length - 1, "FILE", &read, &err));
        record_free(read);
    }
    alloc_free(text);
    record_free(record);
}

static void test_record_other_files(void **state)
{
    struct record *record = sample_record();
    char          *text = written(record);
    char          *twice = alloc_format("%s%s", text, text);
    char          *extra = replaced(text, "{\"kind\":\"head\",",
                                    "{\"kind\":\"head\",\"later\":[1],");
    struct record *read = NULL;
    struct err     err = {0};

    (void)state;
    assert_refused("", "FILE:1", "the record was cut: no end line");
    assert_refused("\n", "FILE:1", "this is no line of a record");
    assert_refused("hello\nworld\n", "FILE:1", "this is no line of a record");
    assert_refused("[1]\n", "FILE:1", "this is no line of a record");
    assert_refused("{}\n", "FILE:1", "kind: found nothing");
    assert_refused(twice, "FILE:9", "nothing may follow the end line");
    /* A field of a later version is passed over. */
    assert_true(record_read(extra, strlen(extra), "FILE", &read, &err));
    record_free(read);
    alloc_free(extra);
    alloc_free(twice);
    alloc_free(text);
    record_free(record);
}

static void test_record_bytes(void **state)
{
    struct record *record = sample_record();
    char          *text = written(record);
    size_t         length = strlen(text);
    struct rng     rng;

    (void)state;
    rng_seed(&rng, 7);
    for (int i = 0; i < 3000; i++) {
        struct record *read = NULL;
        struct err     err = {0};
        size_t         at = rng_below(&rng, length);
        char           was = text[at];

        text[at] = (char)rng_below(&rng, 256);
        if (record_read(text, length, "FILE", &read, &err))
            record_free(read);
        else
            assert_true(err.text[0] != '\0' && err.place[0] != '\0');
        text[at] = was;
    }
    alloc_free(text);
    record_free(record);
}

static void test_record_full(void **state)
{
    struct record *record = record_new();

    (void)state;
    for (int i = 1; i < RECORD_REMARKS_MAX; i++)
        record_remark(record, i, 1, "x");
    assert_false(record->overflow);
    record_remark(record, 0, 1, "x");
    assert_true(record->overflow);
    assert_int_equal(record->remark_count, RECORD_REMARKS_MAX);
    assert_string_equal(record->remarks[RECORD_REMARKS_MAX - 1].text,
                        "the record is full: there were more remarks than "
                        "999; of what came later something is missing");
    record_free(record);
    record = record_new();
    assert_non_null(record_attempt(record));
    assert_true(
        record_keep(record, RECORD_KEPT_BYTES_MAX - RECORD_ATTEMPT_BYTES));
    assert_false(record->overflow);
    assert_null(record_attempt(record));
    assert_false(record_keep(record, 1));
    assert_true(record->overflow);
    assert_int_equal(record->remark_count, 1);
    record_free(record);
}

/* ---- verdicts ---- */

static struct plan *plan_naming(const char *first, const char *second)
{
    struct plan *plan = plan_new("p", "f.lua", 1);

    plan_add_rule(plan, rule_find(first));
    if (second != NULL)
        plan_add_rule(plan, rule_find(second));
    return plan;
}

static void test_verdict_order(void **state)
{
    static const char *const order[] = {"RA-1",    "AUTH-1",    "contract",
                                        "COUNT-1", "DELIVER-9", "expect",
                                        "BACK-6",  "RA-2"};
    struct plan             *plan = plan_naming("RA-1", "AUTH-1");
    struct verdict          *verdict = verdict_new();

    (void)state;
    plan_add_rule(plan, rule_find("BACK-6"));
    verdict_find_other(verdict, "expect", "c", 0, "e");
    verdict_find(verdict, RULE_RA_2, "c", 1, "advice");
    verdict_find(verdict, RULE_DELIVER_9, "c", 1, "d");
    verdict_find(verdict, RULE_BACK_6, "c", 1, "advice");
    verdict_find(verdict, RULE_COUNT_1, "c", 1, "c");
    verdict_find_other(verdict, "contract", "c", 0, "c");
    verdict_find(verdict, RULE_AUTH_1, "c", 1, "a");
    verdict_find(verdict, RULE_RA_1, "c", 2, "%d s", 2);
    verdict_settle(verdict, plan);
    assert_int_equal(verdict->kind, VERDICT_FAIL);
    assert_int_equal(verdict->finding_count, 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(verdict->findings[i].subject, order[i]);
    assert_string_equal(verdict->findings[0].text, "2 s");
    assert_int_equal(verdict->findings[0].kind, FINDING_BREACH);
    assert_int_equal(verdict->findings[7].kind, FINDING_ADVICE);
    verdict_free(verdict);
    plan_free(plan);
}

static void test_verdict_kinds(void **state)
{
    struct plan    *plan = plan_naming("RA-4", NULL);
    struct verdict *verdict = verdict_new();

    (void)state;
    verdict_settle(verdict, plan);
    assert_int_equal(verdict->kind, VERDICT_NOT_EXERCISED);
    assert_string_equal(verdict->reason,
                        "nothing in this trial exercised RA-4");
    verdict_free(verdict);

    verdict = verdict_new();
    verdict_saw(verdict, RULE_RA_4);
    verdict_find(verdict, RULE_RA_2, "c", 1, "advice");
    verdict_settle(verdict, plan);
    assert_int_equal(verdict->kind, VERDICT_PASS);
    verdict_free(verdict);

    verdict = verdict_new();
    verdict_find(verdict, RULE_RA_1, "c", 1, "x");
    verdict_lack(verdict, "oauth");
    verdict_settle(verdict, plan);
    assert_int_equal(verdict->kind, VERDICT_NOT_EXERCISED);
    assert_string_equal(verdict->reason, "lacks: oauth");
    assert_string_equal(verdict->lacks, "oauth");
    verdict_free(verdict);
    plan_free(plan);
}

static bool keeps_none(const struct finding *finding, const void *context)
{
    (void)finding;
    (void)context;
    return false;
}

static struct verdict *cut_by_its_check(void)
{
    struct verdict *verdict = verdict_new();

    verdict_saw(verdict, RULE_RA_4);
    verdict_cut(verdict, VERDICT_NOT_EXERCISED, "its check fails: %s", "x.lua");
    return verdict;
}

/* A scenario that fails takes no finding back, and makes none; and it is no
 * pass when a doubt is dropped. */
static void test_verdict_cut_by_its_check(void **state)
{
    struct plan    *plan = plan_naming("RA-4", NULL);
    struct verdict *verdict = cut_by_its_check();

    (void)state;
    verdict_settle(verdict, plan);
    assert_int_equal(verdict->kind, VERDICT_NOT_EXERCISED);
    assert_string_equal(verdict->reason, "its check fails: x.lua");
    verdict_free(verdict);

    verdict = cut_by_its_check();
    verdict_find(verdict, RULE_RA_1, "c", 1, "x");
    verdict_settle(verdict, plan);
    assert_int_equal(verdict->kind, VERDICT_FAIL);
    assert_null(verdict->reason);
    verdict_free(verdict);

    verdict = cut_by_its_check();
    verdict_find(verdict, RULE_RA_1, "c", 1, "x");
    verdict_doubt(verdict);
    verdict_settle(verdict, plan);
    assert_int_equal(verdict->kind, VERDICT_INCONCLUSIVE);
    assert_string_equal(verdict->reason,
                        "a breach lay inside the measured noise; besides, its "
                        "check fails: x.lua");
    verdict_keep_doubts(verdict, plan, keeps_none, NULL);
    assert_int_equal(verdict->kind, VERDICT_NOT_EXERCISED);
    verdict_free(verdict);
    plan_free(plan);
}

/* One rule broken a thousand times must not crowd out the next. */
static void test_verdict_bounds(void **state)
{
    struct plan    *plan = plan_naming("RA-1", NULL);
    struct verdict *verdict = verdict_new();
    size_t          seen = 0;

    (void)state;
    for (unsigned i = 1; i <= 1000; i++)
        verdict_find(verdict, RULE_COUNT_2, "c", i, "x");
    verdict_find(verdict, RULE_RA_1, "c", 1000, "x");
    verdict_settle(verdict, plan);
    assert_true(verdict->finding_count <= VERDICT_FINDINGS_MAX);
    for (size_t i = 0; i < verdict->finding_count; i++)
        seen += strcmp(verdict->findings[i].subject, "RA-1") == 0;
    assert_int_equal(seen, 1);
    verdict_free(verdict);
    plan_free(plan);
}

static void test_verdict_json(void **state)
{
    struct plan    *plan = plan_naming("RA-1", NULL);
    struct verdict *verdict = verdict_new();
    struct verdict *again = NULL;
    struct err      err = {0};
    cJSON          *json;
    cJSON          *second;
    char           *text;
    char           *same;

    (void)state;
    verdict_find(verdict, RULE_RA_1, "check", 3, "text \xff");
    verdict_find_other(verdict, "contract", "check", 0, "crashed");
    verdict_saw(verdict, RULE_COUNT_4);
    verdict_cut(verdict, VERDICT_NOT_EXERCISED, "left after %d s", 1);
    verdict_decide(verdict, VERDICT_INCONCLUSIVE, "disturbed");
    verdict_settle(verdict, plan);
    json = verdict_to_json(verdict);
    assert_true(verdict_from_json(json, "place", &again, &err));
    second = verdict_to_json(again);
    text = cJSON_PrintUnformatted(json);
    same = cJSON_PrintUnformatted(second);
    assert_string_equal(text, same);
    assert_ptr_equal(again->findings[0].rule, rule_find("RA-1"));
    assert_null(again->findings[1].rule);
    assert_true(again->decided);
    assert_string_equal(again->cut, "left after 1 s");
    assert_int_equal(again->cut_kind, VERDICT_NOT_EXERCISED);
    cJSON_free(text);
    cJSON_free(same);
    cJSON_Delete(second);
    verdict_free(again);

    again = NULL;
    cJSON_ReplaceItemInObject(json, "saw", cJSON_Parse("[\"NO-1\"]"));
    assert_false(verdict_from_json(json, "place", &again, &err));
    assert_null(again);
    assert_string_equal(err.place, "place");
    assert_non_null(strstr(err.text, "saw: found a list"));
    cJSON_Delete(json);
    verdict_free(verdict);
    plan_free(plan);
}

static struct verdict *counted_verdict(void)
{
    struct verdict   *verdict = verdict_new();
    struct statistic *counted = verdict_count(verdict, RULE_BACK_3, "c");
    struct statistic_question *asked;

    counted->test = alloc_text("a test");
    counted->law = alloc_text("a law");
    counted->from = 0.9;
    counted->to = 1.1;
    counted->p = 3.25e-17;
    counted->measured_d = 0.25;
    counted->measured_p = 0.125;
    counted->alpha = 1e-6;
    for (int i = -1; i <= 10; i++)
        statistic_place(counted, i / 10.0);
    asked = statistic_ask(counted, "too many are short", "D");
    asked->samples = 12;
    asked->seen = 0.5;
    asked->p = 1e-17;
    return verdict;
}

/* Across a pipe and back, to the last digit; a place at the window's end is
 * after it. */
static void test_statistic_json(void **state)
{
    struct verdict         *verdict = counted_verdict();
    struct verdict         *again = NULL;
    struct err              err = {0};
    cJSON                  *json = verdict_to_json(verdict);
    char                   *text = cJSON_PrintUnformatted(json);
    cJSON                  *parsed = cJSON_Parse(text);
    const struct statistic *read;

    (void)state;
    assert_true(verdict_from_json(parsed, "place", &again, &err));
    assert_int_equal(again->statistic_count, 1);
    read = &again->statistics[0];
    assert_ptr_equal(read->rule, rule_find("BACK-3"));
    assert_int_equal(read->samples, 12);
    assert_int_equal(read->before, 1);
    assert_int_equal(read->after, 1);
    assert_int_equal(statistic_peak(read), 1);
    assert_true(read->p == 3.25e-17);
    assert_true(read->measured_d == 0.25 && read->measured_p == 0.125);
    assert_string_equal(read->questions[0].measure, "D");
    assert_true(read->questions[0].p == 1e-17);
    verdict_free(again);
    cJSON_Delete(parsed);
    cJSON_free(text);
    cJSON_Delete(json);
    verdict_free(verdict);
}

static void test_statistic_json_wrong(void **state)
{
    static const struct {
        const char *was;
        const char *is;
        const char *says;
    } cases[] = {
        {"\"BACK-3\"", "\"NO-9\"", "rule: found \"NO-9\""},
        {"\"samples\":12", "\"samples\":-1", "samples: found -1"},
        {"\"alpha\":", "\"alpha\":-", "a number from 0 to 1"},
        {"\"before\":1,\"bins\":[1,", "\"before\":1,\"bins\":[", "ten counts"},
        {"\"bins\":[1,", "\"bins\":[1,1,", "ten counts"},
        {"\"bins\":[1,", "\"bins\":[\"1\",", "ten counts"},
        {"\"measure\":\"D\"", "\"measure\":null", "measure: found null"},
        {"\"from\":0.9", "\"from\":-0.9", "from: found -0.9"},
    };
    struct verdict *verdict = counted_verdict();
    cJSON          *json = verdict_to_json(verdict);
    char           *text = cJSON_PrintUnformatted(json);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char     *at = strstr(text, cases[i].was);
        struct verdict *again = NULL;
        struct err      err = {0};
        cJSON          *parsed;
        char           *wrong;

        assert_non_null(at);
        wrong = alloc_format("%.*s%s%s", (int)(at - text), text, cases[i].is,
                             at + strlen(cases[i].was));
        parsed = cJSON_Parse(wrong);
        assert_non_null(parsed);
        assert_false(verdict_from_json(parsed, "place", &again, &err));
        assert_null(again);
        assert_non_null(strstr(err.text, cases[i].says));
        cJSON_Delete(parsed);
        alloc_free(wrong);
    }
    cJSON_free(text);
    cJSON_Delete(json);
    verdict_free(verdict);
}

/* ---- profiles ---- */

static void test_profile_statuses(void **state)
{
    struct profile profile;
    struct err     err = {0};

    (void)state;
    assert_true(profile_load(&profile, "segment", &err));
    assert_int_equal(profile_status(&profile, 200, false), STATUS_DELIVERED);
    assert_int_equal(profile_status(&profile, 399, false), STATUS_DELIVERED);
    assert_int_equal(profile_status(&profile, 400, false), STATUS_DROPPED);
    assert_int_equal(profile_status(&profile, 410, false), STATUS_RETRIED);
    assert_int_equal(profile_status(&profile, 501, false), STATUS_DROPPED);
    assert_int_equal(profile_status(&profile, 599, false), STATUS_RETRIED);
    assert_int_equal(profile_status(&profile, 511, false), STATUS_DROPPED);
    assert_int_equal(profile_status(&profile, 511, true), STATUS_RETRIED);
    assert_int_equal(profile_status(&profile, 0, false), STATUS_RETRIED);
    assert_true(profile_honours_retry_after(&profile, 429, false));
    assert_false(profile_honours_retry_after(&profile, 503, false));
    assert_false(profile_load(&profile, "segmnt", &err));
    assert_non_null(strstr(err.text, "did you mean segment?"));
}

static void test_profile_law(void **state)
{
    struct profile     profile;
    struct backoff_law law;
    struct err         err = {0};

    (void)state;
    assert_true(profile_load(&profile, "segment", &err));
    law = profile_backoff(&profile);
    assert_int_equal(backoff_law_ns(&law, 1), NS_PER_S / 2);
    assert_int_equal(backoff_law_ns(&law, 4), 4 * NS_PER_S);
    assert_int_equal(backoff_law_ns(&law, 9), 60 * NS_PER_S);
    assert_int_equal(backoff_law_ns(&law, 1000000), 60 * NS_PER_S);
    law.first_s = 0;
    assert_int_equal(backoff_law_ns(&law, 1), 0);
    assert_int_equal(backoff_law_ns(&law, 2), NS_PER_S);
    law.cap_s = 0.75;
    assert_int_equal(backoff_law_ns(&law, 2), 3 * NS_PER_S / 4);
}

static void test_profile_set(void **state)
{
    static const struct {
        const char *json;
        const char *why; /* NULL = it is fine */
    } cases[] = {
        {"{\"gate\":\"batch\"}", NULL},
        {"{\"jitter_min\":1,\"jitter_max\":2}", NULL},
        {"{\"retried\":[\"500-599\"],\"delivered\":[\"200\"]}", NULL},
        {"{\"gate\":\"some\"}", "gate: found \"some\", allowed is one of: all"},
        {"{\"gate\":7}",
         "gate: found 7, allowed is one of: all batch, or null"},
        {"{\"gates\":\"all\"}", "did you mean gate?"},
        {"{\"jitter_min\":\"1\"}",
         "jitter_min: found \"1\", allowed is a number from 0 to 10"},
        {"{\"jitter_min\":5}", "jitter_min: found 5, allowed is at most"},
        {"{\"backoff_floor_s\":60}", NULL},
        {"{\"backoff_floor_s\":0}",
         "backoff_floor_s: found 0, allowed is a number from 0.001 to 3600"},
        {"{\"backoff_floor_s\":61}",
         "backoff_floor_s: found 61, allowed is at most backoff_cap_s (60)"},
        {"{\"retried\":[\"99\"]}", "retried: found \"99\""},
        {"{\"retried\":\"500\"}", "retried: found \"500\", allowed is a list"},
        {"[]", "allowed is an object"},
    };
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct profile profile;
        struct profile before;
        cJSON         *values = cJSON_Parse(cases[i].json);

        assert_true(profile_load(&profile, "segment", &err));
        before = profile;
        assert_int_equal(profile_set(&profile, values, "f", &err),
                         cases[i].why == NULL);
        if (cases[i].why != NULL) {
            assert_non_null(strstr(err.text, cases[i].why));
            assert_memory_equal(&profile, &before, sizeof profile);
        }
        cJSON_Delete(values);
    }
}

static void test_profile_json(void **state)
{
    struct profile profile;
    struct profile again;
    struct err     err = {0};
    cJSON         *values;

    (void)state;
    assert_true(profile_load(&profile, "segment", &err));
    profile.jitter_min = 0.123456789;
    profile.retried[418] = true;
    values = profile_to_json(&profile);
    assert_true(profile_load(&again, "segment", &err));
    assert_true(profile_set(&again, values, "f", &err));
    assert_true(again.jitter_min == profile.jitter_min);
    assert_memory_equal(&again, &profile, sizeof again);
    cJSON_Delete(values);
}

/* ---- plans, rules, faults, headers ---- */

static void test_plan_events(void **state)
{
    char name[PLAN_EVENT_NAME_MAX];

    (void)state;
    assert_string_equal(plan_event_name(name, 7), "retrial-event-00007");
    assert_int_equal(plan_event_number(name), 7);
    assert_int_equal(plan_event_number("retrial-event-0007"), 0);
    assert_int_equal(plan_event_number("retrial-event-0000x"), 0);
    assert_int_equal(plan_event_number("retrial-event-"), 0);
    assert_int_equal(plan_event_number("other"), 0);
    assert_int_equal(plan_event_number(""), 0);
}

static void test_plan_capabilities(void **state)
{
    struct plan *plan = plan_new("p", "f.lua", 1);
    struct step  step = {.kind = STEP_ANSWER, .answer.status = 200};

    (void)state;
    plan_add_sequence(plan, 0, 5);
    assert_int_equal(plan_batches(plan), 1);
    assert_null(plan_capability(plan, 0));
    plan->given.config[CONFIG_FLUSH_AT] = 2;
    plan->given.config[CONFIG_MAX_RETRIES] = 0;
    plan->given.config[CONFIG_FLUSH_INTERVAL] = 50;
    step_list_add(&plan->routes[ROUTE_TOKEN].steps, &step);
    plan_add_need(plan, "reports-failure");
    assert_int_equal(plan_batches(plan), 3);
    assert_string_equal(plan_capability(plan, 0), "batches");
    assert_string_equal(plan_capability(plan, 1), "oauth");
    assert_string_equal(plan_capability(plan, 2), "config.flushAt");
    assert_string_equal(plan_capability(plan, 3), "config.maxRetries");
    assert_string_equal(plan_capability(plan, 4), "config.maxRetries.zero");
    assert_string_equal(plan_capability(plan, 5), "reports-failure");
    assert_null(plan_capability(plan, 6));
    plan->given.config[CONFIG_MAX_RETRIES] = 1;
    plan->given.config[CONFIG_MAX_RATE_LIMIT] = 2500;
    assert_string_equal(plan_capability(plan, 4), "config.maxRateLimitMs");
    assert_string_equal(plan_capability(plan, 5),
                        "config.maxRateLimitMs.fraction");
    plan->given.config[CONFIG_MAX_RATE_LIMIT] = 3000;
    assert_string_equal(plan_capability(plan, 5), "reports-failure");
    plan_free(plan);
}

static void test_plan_clients(void **state)
{
    struct plan *plan = plan_new("p", "f.lua", 1);

    (void)state;
    plan_add_sequence(plan, 0, 2);
    plan_add_sequence(plan, 0, 1);
    plan_add_sequence(plan, 0, 3);
    assert_int_equal(plan_batches(plan), 3);
    assert_int_equal(plan_client_of_event(plan, 6), 1);
    plan->given.clients = 2;
    assert_int_equal(plan_client_of_event(plan, 2), 1);
    assert_int_equal(plan_client_of_event(plan, 3), 2);
    assert_int_equal(plan_client_of_event(plan, 4), 1);
    assert_int_equal(plan_batches(plan), 2);
    /* Each makes one batch: nobody needs to be able to make several. */
    plan->given.clients = 3;
    plan->given.config[CONFIG_FLUSH_AT] = 3;
    assert_int_equal(plan_batches(plan), 1);
    assert_null(plan_capability(plan, 0));
    plan_free(plan);
}

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULE_COUNT; i++) {
        assert_ptr_equal(rule_find(rule_table[i].id), &rule_table[i]);
        assert_int_equal(rule_index(&rule_table[i]), i);
        assert_true(rule_table[i].sentence[0] != '\0');
        assert_true(rule_table[i].source[0] != '\0');
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rule_table[i].id, rule_table[j].id);
    }
    assert_null(rule_find("RA-99"));
    assert_string_equal(rule_nearest("BUDGE-1"), "BUDGET-1");
    assert_string_equal(rule_level_text(RULE_MUST_NOT), "MUST NOT");
}

static void test_faults_and_headers(void **state)
{
    struct header_list list = {0};
    struct header_list other = {0};

    (void)state;
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++)
        assert_int_equal(fault_find(fault_name((enum fault)i)), i);
    assert_int_equal(fault_find("none"), FAULT_NONE);
    header_add(&list, "Retry-After", "1");
    header_add(&list, "retry-after", "2");
    header_add(&list, "Other", "3");
    assert_int_equal(header_count(&list, "RETRY-AFTER"), 2);
    assert_string_equal(header_get(&list, "Retry-After", 1), "2");
    assert_null(header_get(&list, "Retry-After", 2));
    header_move(&other, &list);
    header_add(&list, "Retry-After", "4");
    header_move(&other, &list);
    assert_int_equal(list.count, 0);
    assert_string_equal(header_get(&other, "Retry-After", 1), "2");
    assert_string_equal(header_get(&other, "Retry-After", 2), "4");
    header_move(&list, &other);
    header_move(&list, &other); /* nothing */
    assert_int_equal(header_count(&list, "Retry-After"), 3);
    header_clear(&list);
    assert_int_equal(header_count(&list, "Other"), 0);
}

/* ---- runs ---- */

static struct trial_result *add_trial(struct run *run, const struct plan *plan,
                                      enum verdict_kind kind,
                                      const char       *broken)
{
    struct trial_result *trial = run_add(run, plan);

    trial->verdict = verdict_new();
    verdict_saw(trial->verdict, RULE_RA_1);
    if (broken != NULL)
        verdict_find(trial->verdict, rule_index(rule_find(broken)), "c", 1,
                     "x");
    trial->verdict->kind = kind;
    return trial;
}

static void test_run(void **state)
{
    struct plan      *plan = plan_naming("RA-1", NULL);
    struct run       *run = run_new();
    struct totals     totals;
    struct rule_total total;

    (void)state;
    assert_false(run_certified(run)); /* nothing ran */
    add_trial(run, plan, VERDICT_NOT_EXERCISED, NULL);
    assert_false(run_certified(run));
    add_trial(run, plan, VERDICT_PASS, "BACK-6");
    assert_true(run_certified(run));
    run->strict = true;
    assert_false(run_certified(run));
    run->strict = false;
    add_trial(run, plan, VERDICT_FAIL, "RA-1")->known_failure =
        alloc_text("known");
    assert_true(run_certified(run));
    add_trial(run, plan, VERDICT_FAIL, "RA-1");
    assert_false(run_certified(run));
    totals = run_totals(run);
    assert_int_equal(totals.trials, 4);
    assert_int_equal(totals.by_verdict[VERDICT_FAIL], 1);
    assert_int_equal(totals.known_failures, 1);
    assert_int_equal(totals.advice, 1);
    total = run_rule_total(run, rule_find("RA-1"));
    assert_int_equal(total.exercised, 3);
    assert_int_equal(total.breached, 1);
    assert_int_equal(total.known, 1);
    run_free(run);
    plan_free(plan);
}

static void test_interrupted(void **state)
{
    struct plan *plan = plan_naming("RA-1", NULL);
    struct run  *run = run_new();

    (void)state;
    run_add(run, plan);
    add_trial(run, plan, VERDICT_PASS, NULL);
    run_add(run, plan);
    assert_int_equal(run_drop_unended(run), 2);
    assert_int_equal(run->trial_count, 1);
    assert_int_equal(run->trials[0].verdict->kind, VERDICT_PASS);
    assert_true(run_certified(run));
    run->interrupted = true;
    assert_false(run_certified(run));
    run_free(run);
    plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_round_trip),
        cmocka_unit_test(strikes_are_met),
        cmocka_unit_test(test_record_refuses),
        cmocka_unit_test(test_record_cut),
        cmocka_unit_test(test_record_other_files),
        cmocka_unit_test(test_record_bytes),
        cmocka_unit_test(test_record_full),
        cmocka_unit_test(test_verdict_order),
        cmocka_unit_test(test_verdict_kinds),
        cmocka_unit_test(test_verdict_cut_by_its_check),
        cmocka_unit_test(test_verdict_bounds),
        cmocka_unit_test(test_verdict_json),
        cmocka_unit_test(test_statistic_json),
        cmocka_unit_test(test_statistic_json_wrong),
        cmocka_unit_test(test_profile_statuses),
        cmocka_unit_test(test_profile_law),
        cmocka_unit_test(test_profile_set),
        cmocka_unit_test(test_profile_json),
        cmocka_unit_test(test_plan_events),
        cmocka_unit_test(test_plan_capabilities),
        cmocka_unit_test(test_plan_clients),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_faults_and_headers),
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_interrupted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
