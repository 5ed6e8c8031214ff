/* SPDX-License-Identifier: Apache-2.0 */
#include "reports_sample.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/clock.h"
#include "model/profile_load.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define MS(count) ((count) * NS_PER_MS)

const char *sample_name(enum sample sample)
{
    static const char *const names[] = {"empty",   "pass", "mixed", "hostile",
                                        "lacking", "part", "one"};

    return names[sample];
}

/* ---- the parts ---- */

static struct plan *add_plan(struct sample_run *made, const char *id, int line,
                             const char *about, const char *rule)
{
    struct plan *plan = plan_new(id, "scenarios/sample.lua", line);

    plan->about = alloc_text(about);
    plan->given.write_key = alloc_text(SAMPLE_KEY);
    if (rule != NULL)
        plan_add_rule(plan, rule_find(rule));
    made->plans =
        alloc_grow(made->plans, made->plan_count + 1, sizeof made->plans[0]);
    made->plans[made->plan_count++] = plan;
    return plan;
}

static struct trial_result *add_trial(struct sample_run *made, const char *id,
                                      const char *about, const char *rule)
{
    int                  line = 10 + 7 * (int)made->plan_count;
    struct trial_result *trial =
        run_add(made->run, add_plan(made, id, line, about, rule));

    trial->verdict = verdict_new();
    return trial;
}

static struct record *open_record(struct trial_result *trial)
{
    struct client_outcome *outcome;

    trial->record = record_new();
    outcome = &trial->record->outcome;
    outcome->end = CLIENT_EXITED;
    outcome->started_ns = 0;
    outcome->has_result = true;
    outcome->success = true;
    return trial->record;
}

static void authorize(struct attempt *attempt)
{
    char *credentials = base64_encode(SAMPLE_KEY ":", strlen(SAMPLE_KEY) + 1);
    char *value = alloc_format("Basic %s", credentials);

    header_add(&attempt->headers, "Authorization", value);
    alloc_free(credentials);
    alloc_free(value);
}

/* An attempt at at_ms that was answered took_ms later. */
static struct attempt *attend(struct record *record, int at_ms, int took_ms,
                              int status, const char *count)
{
    static const char body[] = "{\"writeKey\":\"" SAMPLE_KEY "\",\"batch\":[]}";
    struct attempt   *attempt = record_attempt(record);

    attempt->connection = 1;
    attempt->method = alloc_text("POST");
    attempt->target = alloc_text("/v1/batch");
    attempt->version = alloc_text("HTTP/1.1");
    authorize(attempt);
    if (count != NULL)
        header_add(&attempt->headers, "X-Retry-Count", count);
    attempt->body = alloc_text(body);
    attempt->body_bytes = attempt->body_kept_bytes = strlen(body);
    attempt->accepted_ns = MS(at_ms);
    attempt->arrived_ns = MS(at_ms) + 100 * NS_PER_US;
    attempt->body_ns = MS(at_ms) + 200 * NS_PER_US;
    attempt->answering_ns = MS(at_ms + took_ms) + 300 * NS_PER_US;
    attempt->answered_ns = MS(at_ms + took_ms) + 310 * NS_PER_US;
    attempt->status = status;
    attempt->answer_wall_s = 784111777; /* Sun, 06 Nov 1994 08:49:37 GMT */
    attempt->end = ANSWER_COMPLETE;
    attempt->played = alloc_format("answer %d", status);
    return attempt;
}

static void fail_attempt(struct attempt *attempt, enum fault fault)
{
    attempt->fault = fault;
    attempt->status = 0;
    attempt->end = ANSWER_NONE;
    if (fault == FAULT_HANG) {
        attempt->answering_ns = attempt->answered_ns = TIME_NEVER;
        attempt->gone_ns = attempt->body_ns + 3 * NS_PER_S;
        attempt->end = ANSWER_GONE;
    }
}

static void close_trial(struct trial_result *trial, int wall_ms)
{
    trial->wall_ns = MS(wall_ms);
    if (trial->record != NULL)
        trial->record->outcome.ended_ns = MS(wall_ms - 20);
    verdict_settle(trial->verdict, trial->plan);
}

/* ---- the trials ---- */

/* As a check of many waits leaves it. */
static void count_waits(struct trial_result *trial, double p, unsigned step)
{
    struct statistic *counted =
        verdict_count(trial->verdict, RULE_BACK_3, "backoff.jitter");
    struct statistic_question *asked;

    counted->test = alloc_text("a test");
    counted->law = alloc_text("even from 0.9 to 1.1 times 0.5 s x 2^(n-1)");
    counted->from = 0.9;
    counted->to = 1.1;
    counted->p = p;
    counted->measured_d = 0.07;
    counted->measured_p = p / 2;
    counted->alpha = 1e-6;
    for (unsigned i = 0; i < 120; i++)
        statistic_place(counted, (double)(i * step % 124) / 120 - 0.01);
    asked = statistic_ask(counted, "too many are short", "D");
    asked->samples = counted->samples;
    asked->seen = 0.0375;
    asked->p = p;
}

static void add_counted(struct sample_run *made)
{
    struct trial_result *trial =
        add_trial(made, "backoff/jitter", "Waits spread.", "BACK-3");

    attend(open_record(trial), 5, 0, 200, NULL);
    verdict_saw(trial->verdict, RULE_BACK_3);
    count_waits(trial, 0.42, 7);
    trial->record->noise = (struct noise){
        .ticks = 88,
        .late = {120 * NS_PER_US, MS(4), MS(4)},
        .answer = {40 * NS_PER_US, MS(1), MS(1)},
        .beat = {80 * NS_PER_US, MS(3), MS(3)},
        .unjumped_ns = MS(7),
    };
    close_trial(trial, 900);
}

static void add_passing(struct sample_run *made)
{
    struct trial_result *trial = add_trial(
        made, "status/2xx/200", "After 200 nothing is sent again.", "STATUS-1");
    struct record *record = open_record(trial);

    attend(record, 12, 0, 200, NULL);
    verdict_saw(trial->verdict, RULE_STATUS_1);
    verdict_saw(trial->verdict, RULE_AUTH_1);
    verdict_saw(trial->verdict, RULE_COUNT_1);
    record->outcome.left = alloc_text("keeper --key " SAMPLE_KEY);
    close_trial(trial, 150);

    trial = add_trial(made, "retry-after/date/rfc850",
                      "The RFC 850 form of a date is honoured.", "RA-10");
    record = open_record(trial);
    header_add(&attend(record, 9, 0, 429, NULL)->answer_headers, "Retry-After",
               "Sunday, 06-Nov-94 08:49:39 GMT");
    attend(record, 2034, 0, 200, "1");
    verdict_saw(trial->verdict, RULE_RA_10);
    verdict_saw(trial->verdict, RULE_RA_1);
    verdict_saw(trial->verdict, RULE_AUTH_1);
    verdict_saw(trial->verdict, RULE_COUNT_2);
    close_trial(trial, 2210);
}

static void add_early_retry(struct sample_run *made)
{
    struct trial_result *trial = add_trial(
        made, "retry-after/seconds",
        "After 429 with Retry-After: 2 the client waits two seconds.", "RA-1");
    struct record *record = open_record(trial);

    header_add(&attend(record, 4, 0, 429, NULL)->answer_headers, "Retry-After",
               "2");
    attend(record, 516, 250, 503, "1");
    attend(record, 1790, 0, 200, "2");
    record->outcome.err_tail =
        alloc_text("[debug] using key " SAMPLE_KEY "\n"
                   "[debug] got 429, backing off 0.5 s\n"
                   "[debug] got 503, backing off 1.0 s\n");
    verdict_saw(trial->verdict, RULE_BACK_1);
    verdict_saw(trial->verdict, RULE_COUNT_2);
    verdict_saw(trial->verdict, RULE_AUTH_1);
    verdict_find(trial->verdict, RULE_RA_1, "retry-after.waits", 2,
                 "it came 511.8 ms after the answer to attempt 1, which asked "
                 "for 2.000 s (Retry-After: 2; allowed from 1.995 s)");
    verdict_find(trial->verdict, RULE_BACK_6, "backoff.jitter", 3,
                 "waited 1.024 s; the law is 0.900 s to 1.100 s of jitter");
    count_waits(trial, 3e-9, 4);
    close_trial(trial, 1930);
}

static void add_lost_count(struct sample_run *made)
{
    struct trial_result *trial =
        add_trial(made, "count/across-faults",
                  "The count goes on across a reset and a hang.", "COUNT-3");
    struct record *record = open_record(trial);

    fail_attempt(attend(record, 6, 0, 0, NULL), FAULT_RESET);
    fail_attempt(attend(record, 520, 0, 0, "1"), FAULT_HANG);
    attend(record, 4530, 0, 200, "1")->connection = 3;
    record->attempts[1]->connection = 2;
    record->outcome.exit_code = 1;
    record->outcome.success = false;
    record->outcome.error = alloc_text("lost a batch of " SAMPLE_KEY);
    record_remark(record, MS(4600), 4,
                  "a connection that sent nothing was closed");
    verdict_saw(trial->verdict, RULE_NET_1);
    verdict_find(trial->verdict, RULE_COUNT_3, "count.goes-on", 3,
                 "attempt 3 carries X-Retry-Count: 1; 2 was due, for the 2nd "
                 "retry of the batch");
    verdict_find(trial->verdict, RULE_RA_1, "retry-after.waits", 0,
                 "a second breach of RA-1, in a scenario about something else");
    verdict_find_other(trial->verdict, "contract", "contract.result", 0,
                       "the client reports failure, but every event was "
                       "delivered");
    close_trial(trial, 4650);
}

static void add_known(struct sample_run *made)
{
    struct trial_result *trial =
        add_trial(made, "status/5xx/501", "501 is not retried.", "STATUS-5");

    attend(open_record(trial), 3, 0, 501, NULL);
    attend(trial->record, 530, 0, 200, "1");
    verdict_find(trial->verdict, RULE_STATUS_5, "status.dropped", 2,
                 "a retry after 501");
    trial->known_failure =
        alloc_text("retries every 5xx (src/publisher.ts, line 204)");
    close_trial(trial, 640);

    trial =
        add_trial(made, "status/4xx/413", "413 is not retried.", "STATUS-3");
    attend(open_record(trial), 3, 0, 413, NULL);
    verdict_saw(trial->verdict, RULE_STATUS_3);
    trial->known_failure = alloc_text("used to retry 413");
    trial->unexpected_pass = true;
    close_trial(trial, 200);
}

static void add_unexercised(struct sample_run *made)
{
    struct trial_result *trial =
        add_trial(made, "budget/three", "maxRetries 3.", "BUDGET-1");

    attend(open_record(trial), 3, 0, 200, NULL);
    close_trial(trial, 90);
}

static void add_unjudged(struct sample_run *made)
{
    struct trial_result *trial =
        add_trial(made, "oauth/renewed", "A new token after 511.", "AUTH-4");

    verdict_lack(trial->verdict, "oauth");
    trial = add_trial(made, "oauth/reused", "One token serves.", "AUTH-7");
    verdict_lack(trial->verdict, "oauth");
    trial = add_trial(made, "budget/none", "maxRetries 0.", "BUDGET-2");
    verdict_lack(trial->verdict, "config.maxRetries");
    add_unexercised(made);
    trial = add_trial(made, "budget/four", NULL, "BUDGET-1");
    open_record(trial);
    verdict_decide(trial->verdict, VERDICT_BROKEN, "nobody exercises it");
    close_trial(trial, 90);
    trial = add_trial(made, "net/silent", NULL, "NET-2");
    open_record(trial)->outcome.end = CLIENT_CRASHED;
    trial->record->outcome.signal = 11;
    trial->record->outcome.has_result = false;
    trial->record->outcome.trouble = alloc_text("it printed no JSON value");
    verdict_decide(trial->verdict, VERDICT_INCONCLUSIVE,
                   "the client made no request; a signal that was not ours "
                   "ended it (signal 11)");
    trial->runs = 2;
    close_trial(trial, 120);
}

static void add_settings(struct sample_run *made)
{
    struct trial_result *trial =
        add_trial(made, "routes/settings-and-token",
                  "Other routes are on the time line too.", "AUTH-2");
    struct record  *record = open_record(trial);
    struct step     step = {.kind = STEP_ANSWER, .times = 1};
    struct attempt *attempt;

    step.answer.status = 200;
    step.answer.body =
        alloc_text("{\"access_token\":\"" SAMPLE_TOKEN "\",\"expires_in\":9}");
    step.answer.body_bytes = strlen(step.answer.body);
    step_list_add(&made->plans[made->plan_count - 1]->routes[ROUTE_TOKEN].steps,
                  &step);
    attempt = attend(record, 5, 0, 200, NULL);
    attempt->route = ROUTE_TOKEN;
    attempt = attend(record, 20, 0, 200, NULL);
    attempt->route = ROUTE_SETTINGS;
    alloc_free(attempt->method);
    attempt->method = alloc_text("GET");
    alloc_free(attempt->target);
    attempt->target =
        alloc_text("/v1/projects/" SAMPLE_KEY "/settings?token=" SAMPLE_TOKEN);
    header_add(&attempt->headers, "Cookie", "session=c00kie-jar");
    attempt = attend(record, 40, 0, 200, NULL);
    header_clear(&attempt->headers);
    header_add(&attempt->headers, "Authorization", "Bearer " SAMPLE_TOKEN);
    record->outcome.out_tail =
        alloc_text("token=" SAMPLE_TOKEN " cookie=session=c00kie-jar\n");
    verdict_saw(trial->verdict, RULE_AUTH_2);
    verdict_find(trial->verdict, RULE_AUTH_3, "auth.retries", 3,
                 "the token " SAMPLE_TOKEN " is not the one of attempt 1");
    close_trial(trial, 300);
}

/* What a client could print to break out of a document. */
static const char hostile[] =
    "\033[2J\033]0;owned\007 \xff\xfe \x9b"
    "31m <script>alert(1)</script> "
    "]]> --> ``` | a | \"quotes\" 'single' & \xe2\x80\xae"
    "evil "
    "\xed\xa0\x80 \xef\xbf\xbf \x01\x02\x0b {{title}} # SKIP \\ %s%n";

static void add_hostile(struct sample_run *made)
{
    static const char raw[] =
        "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic\r\n"
        " eW91IHNlZSBtZQ==\nCookie: " SAMPLE_KEY "\r\nX: " SAMPLE_KEY
        "\0\x1b[1m\xff<b>&'\r\n\r\nclient_assertion=" SAMPLE_KEY;
    struct trial_result *trial =
        add_trial(made, "hostile/<b>&\"id\"", hostile, "NET-1");
    struct record  *record = open_record(trial);
    struct attempt *attempt = attend(record, 3, 0, 429, hostile);
    struct remark  *remark;
    char           *tail;

    attempt->route = ROUTE_OTHER;
    alloc_free(attempt->target);
    attempt->target = alloc_text(hostile);
    alloc_free(attempt->body);
    attempt->body = alloc_text(hostile);
    attempt->body_bytes = attempt->body_kept_bytes = strlen(hostile);
    header_add(&attempt->headers, "Authorization",
               "Basic \x1b[1m\xff<b>&'\xe2\x80\xae");
    header_add(&attempt->headers, hostile, hostile);
    header_add(&attempt->answer_headers, "Retry-After", hostile);
    header_add(&attempt->answer_headers, "Retry-After", "");
    attempt_violation(attempt, VIOLATION_OTHER, "%s", hostile);
    attempt_keep_raw(record, attempt, raw, sizeof raw - 1);
    remark = record_remark(record, MS(9), 7, "%s", hostile);
    remark_keep_raw(record, remark, raw, sizeof raw - 1);
    tail =
        alloc_format("%s\n```\n~~~\n\n%s\r\n%0*d\n", hostile, hostile, 3000, 7);
    record->outcome.err_tail = tail;
    record->outcome.out_tail = alloc_text(hostile);
    record->outcome.error = alloc_text(hostile);
    verdict_find(trial->verdict, RULE_NET_1, "net.retried", 1, "%s", hostile);
    close_trial(trial, 50);

    trial = add_trial(made, "hostile/skipped", NULL, NULL);
    verdict_lack(trial->verdict, hostile);
    trial = add_trial(made, "hostile/known", NULL, NULL);
    verdict_find(trial->verdict, RULE_NET_1, "net.retried", 0, "again");
    trial->known_failure = alloc_text(hostile);
    close_trial(trial, 1);
}

/* ---- the runs ---- */

static void open_run(struct sample_run *made)
{
    struct err  err = {0};
    struct run *run = run_new();
    bool        ok = profile_load(&run->profile_base, "segment", &err);

    assert(ok);
    (void)ok;
    run->profile = run->profile_base;
    run->client = alloc_text("sample");
    run->command = alloc_text("node sdks/sample/cli.js");
    run->clock = alloc_text("real");
    run->seed = UINT64_C(18446744073709551615);
    run->jobs = 8;
    run->started_wall_s = 1767225600; /* 2026-01-01 */
    run->wall_ns = MS(5230);
    run->whole = true;
    *made = (struct sample_run){.run = run};
}

static void add_proof(struct sample_run *made, enum fault fault,
                      const char *saw, const char *missed)
{
    struct run *run = made->run;

    run->proofs =
        alloc_grow(run->proofs, run->proof_count + 1, sizeof run->proofs[0]);
    run->proofs[run->proof_count++] = (struct proof){
        .fault = fault,
        .held = missed == NULL,
        .promised = alloc_text("no byte, RST"),
        .saw = alloc_text(saw),
        .missed = alloc_text(missed),
        .took_ns = MS(3),
    };
}

void sample_make(struct sample_run *made, enum sample sample)
{
    open_run(made);
    if (sample == SAMPLE_PASS || sample == SAMPLE_MIXED)
        add_proof(made, FAULT_RESET, "no byte, RST (ECONNRESET)", NULL);
    if (sample == SAMPLE_MIXED)
        add_proof(made, FAULT_ACCEPT_RESET, "no byte, FIN", "another end");
    if (sample == SAMPLE_PASS || sample == SAMPLE_MIXED)
        add_passing(made);
    if (sample == SAMPLE_PASS)
        add_counted(made);
    if (sample == SAMPLE_MIXED) {
        struct profile *own = &made->run->profile;

        own->retry_after_statuses[503] = true;
        own->open[PROFILE_KEY_first_retry_s] = false;
        own->first_retry_s = 0;
        alloc_free(made->run->command);
        made->run->command =
            alloc_text("node sdks/sample/cli.js --key " SAMPLE_KEY);
        add_early_retry(made);
        add_lost_count(made);
        add_known(made);
        add_unjudged(made);
        add_settings(made);
    }
    if (sample == SAMPLE_HOSTILE) {
        alloc_free(made->run->client);
        made->run->client = alloc_text(hostile);
        add_hostile(made);
    }
    if (sample == SAMPLE_LACKING)
        verdict_lack(add_trial(made, "oauth/only", NULL, NULL)->verdict,
                     "oauth");
    made->run->whole = sample != SAMPLE_PART && sample != SAMPLE_ONE;
    if (sample == SAMPLE_PART)
        add_passing(made);
    if (sample == SAMPLE_ONE)
        add_unexercised(made);
}

void sample_make_many(struct sample_run *made, size_t trials)
{
    open_run(made);
    for (size_t i = 0; i < trials; i++) {
        char                *id = alloc_format("many/%zu", i);
        struct trial_result *trial = add_trial(made, id, NULL, "STATUS-4");
        struct record       *record = open_record(trial);

        attend(record, 5, 0, 500, NULL);
        attend(record, 520, 0, 500, "1");
        attend(record, 1530, 0, 200, "2");
        verdict_saw(trial->verdict, RULE_STATUS_4);
        if (i % 10 == 0)
            verdict_find(trial->verdict, RULE_COUNT_2, "count.digits", 2,
                         "attempt 2 of trial %zu", i);
        close_trial(trial, 1600);
        alloc_free(id);
    }
}

void sample_clear(struct sample_run *made)
{
    run_free(made->run);
    for (size_t i = 0; i < made->plan_count; i++)
        plan_free(made->plans[i]);
    alloc_free(made->plans);
}
