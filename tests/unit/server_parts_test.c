/* SPDX-License-Identifier: Apache-2.0 */
/* The pure parts of the server, without a socket. */

#include "common/alloc.h"
#include "common/rng.h"
#include "server/attempt_order.h"
#include "server/bounds.h"
#include "server/complaint.h"
#include "server/config.h"
#include "server/cursor.h"
#include "server/fault.h"
#include "server/framing.h"
#include "server/loop.h"
#include "server/response.h"
#include "server/response_cache.h"
#include "server/route.h"
#include "server/timer.h"
#include "tests/unit/fake_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WALL_S    784111777
#define WALL_DATE "Sun, 06 Nov 1994 08:49:37 GMT"

/* ---- timers ---- */

static void timers_come_in_order(void **state)
{
    enum { COUNT = 500 };
    static struct timer timer[COUNT];
    struct timers       timers = {0};
    struct timer       *due;
    struct rng          rng;
    int64_t             last_ns = 0;
    size_t              set = 0;

    (void)state;
    rng_seed(&rng, 1);
    for (int i = 0; i < 5000; i++) {
        struct timer *any = &timer[rng_below(&rng, COUNT)];

        if (rng_below(&rng, 3) == 0)
            timers_cancel(&timers, any);
        else
            timers_set(&timers, any, (int64_t)rng_below(&rng, 1000));
    }
    for (size_t i = 0; i < COUNT; i++)
        set += timer[i].place != 0;
    assert_int_equal(timers.count, set);
    assert_null(timers_take_due(&timers, timers_next_ns(&timers) - 1));
    for (; (due = timers_take_due(&timers, 1000)) != NULL; set--) {
        assert_true(due->due_ns >= last_ns);
        assert_int_equal(due->place, 0);
        last_ns = due->due_ns;
    }
    assert_int_equal(set, 0);
    assert_true(timers_next_ns(&timers) == INT64_MAX);
    timers_clear(&timers);
}

/* ---- the loop ---- */

struct pair {
    struct loop *loop;
    struct pair *other;
    struct watch watch;
    int          calls;
};

/* Takes the other one off, as a callback may that ends another connection. */
static void unwatch_other(void *owner)
{
    struct pair *pair = owner;

    pair->calls++;
    loop_unwatch(pair->loop, &pair->other->watch);
}

static void watch_taken_off_is_not_called(void **state)
{
    struct loop loop;
    struct err  err;
    struct pair pairs[2] = {0};
    int         ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_true(loop_start(&loop, clock_real(), &err));
    for (int i = 0; i < 2; i++) {
        pairs[i].loop = &loop;
        pairs[i].other = &pairs[1 - i];
        pairs[i].watch = (struct watch){
            .ready = unwatch_other, .owner = &pairs[i], .fd = dup(ends[1])};
        assert_true(loop_watch(&loop, &pairs[i].watch, EPOLLOUT));
    }
    loop_turn(&loop);
    assert_int_equal(pairs[0].calls + pairs[1].calls, 1);
    for (int i = 0; i < 2; i++) {
        loop_unwatch(&loop, &pairs[i].watch);
        close(pairs[i].watch.fd);
        close(ends[i]);
    }
    loop_stop(&loop);
}

static void count_call(void *owner)
{
    (*(int *)owner)++;
}

static void loop_fires_by_its_clock(void **state)
{
    struct clock_fake fake;
    struct loop       loop;
    struct err        err;
    int               calls = 0;
    struct timer      timer = {.fire = count_call, .owner = &calls};

    (void)state;
    clock_fake_init(&fake, 1000, 0);
    assert_true(loop_start(&loop, &fake.clock, &err));
    loop_set_timer(&loop, &timer, 2000);
    loop_turn(&loop);
    assert_int_equal(calls, 0);
    clock_fake_advance(&fake, 1000);
    loop_turn(&loop);
    loop_turn(&loop);
    assert_int_equal(calls, 1);
    loop_stop(&loop);
}

/* ---- routes ---- */

static void routes(void **state)
{
    static const struct {
        const char *method;
        const char *target;
        enum route  route;
    } cases[] = {
        {"POST", "/v1/batch", ROUTE_INGEST},
        {"POST", "/v1/import/", ROUTE_INGEST},
        {"POST", "/b", ROUTE_INGEST},
        {"POST", "/v1/t", ROUTE_INGEST},
        {"POST", "/", ROUTE_INGEST},
        {"POST", "", ROUTE_INGEST},
        {"POST", "/projects/k/settings", ROUTE_INGEST},
        {"POST", "/token", ROUTE_TOKEN},
        {"POST", "/oauth2/token", ROUTE_TOKEN},
        {"POST", "/oauth2/token/?a=b", ROUTE_TOKEN},
        {"POST", "/tokens", ROUTE_INGEST},
        {"POST", "/b?x=/token", ROUTE_INGEST},
        {"GET", "/projects/k/settings", ROUTE_SETTINGS},
        {"GET", "/v1/projects/some-key/settings", ROUTE_SETTINGS},
        {"GET", "/v1/projects/k/settings?a=1", ROUTE_SETTINGS},
        {"GET", "/v1/projects//settings", ROUTE_OTHER},
        {"GET", "/v1/projects/settings", ROUTE_OTHER},
        {"GET", "/v1/projects/a/b/settings", ROUTE_OTHER},
        {"GET", "/settings", ROUTE_OTHER},
        {"GET", "/v1/batch", ROUTE_OTHER},
        {"GET", "/token", ROUTE_OTHER},
        {"PUT", "/v1/batch", ROUTE_OTHER},
        {"post", "/v1/batch", ROUTE_OTHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (route_of(cases[i].method, cases[i].target, NULL) != cases[i].route)
            fail_msg("%s %s is not %s", cases[i].method, cases[i].target,
                     route_name(cases[i].route));
}

static void routes_of_a_profile(void **state)
{
    static const struct {
        const char *method;
        const char *target;
        enum route  route;
    } cases[] = {
        {"PUT", "/in/batch", ROUTE_INGEST},
        {"PUT", "/in/batch/?key=k", ROUTE_INGEST},
        {"POST", "/in/batch", ROUTE_OTHER},
        {"PUT", "/in/batch2", ROUTE_OTHER},
        {"PUT", "/in", ROUTE_OTHER},
        {"POST", "/token", ROUTE_TOKEN},
        {"GET", "/projects/k/settings", ROUTE_SETTINGS},
    };
    const struct profile profile = {.method = METHOD_PUT, .path = "/in/batch/"};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(route_of(cases[i].method, cases[i].target, &profile),
                         cases[i].route);
}

/* ---- cursors ---- */

static void add_step(struct step_list *list, int status, unsigned times)
{
    struct step step = {.kind = STEP_ANSWER, .times = times};

    step.answer.status = status;
    step_list_add(list, &step);
}

static int next_status(struct cursors *cursors, enum route route,
                       const unsigned *events, size_t count)
{
    struct pick pick = cursors_next(cursors, route, 1, events, count);

    return pick.step != NULL ? pick.step->answer.status : 0;
}

static void cursor_repeats_and_ends(void **state)
{
    struct plan      *plan = plan_new("test", "test", 1);
    struct step_list *steps = &plan->routes[ROUTE_INGEST].steps;
    struct cursors    cursors;
    static const int  expected[] = {500, 429, 429, 429, 503, 503, 503};

    (void)state;
    add_step(steps, 500, 1);
    add_step(steps, 429, 3);
    add_step(steps, 503, 0);
    add_step(steps, 200, 1);
    add_step(&plan->routes[ROUTE_TOKEN].steps, 401, 1);
    cursors_init(&cursors, plan);
    assert_false(cursors_ask_events(&cursors, ROUTE_INGEST));
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_int_equal(next_status(&cursors, ROUTE_INGEST, NULL, 0),
                         expected[i]);
    assert_int_equal(next_status(&cursors, ROUTE_TOKEN, NULL, 0), 401);
    assert_int_equal(next_status(&cursors, ROUTE_TOKEN, NULL, 0), 0);
    assert_int_equal(next_status(&cursors, ROUTE_OTHER, NULL, 0), 0);
    cursors_clear(&cursors);
    plan_free(plan);
}

static void cursor_per_batch(void **state)
{
    struct plan       *plan = plan_new("test", "test", 1);
    struct route_plan *ingest = &plan->routes[ROUTE_INGEST];
    struct cursors     cursors;
    const unsigned     one[] = {1, 2}, three[] = {3, 4}, strange[] = {99};
    struct pick        pick;

    (void)state;
    plan->given.events = 6;
    add_step(&ingest->steps, 418, 0);
    add_step(&ingest->each_batch, 500, 1);
    add_step(&ingest->each_batch, 503, 1);
    cursors_init(&cursors, plan);
    assert_true(cursors_ask_events(&cursors, ROUTE_INGEST));
    assert_int_equal(next_status(&cursors, ROUTE_INGEST, one, 2), 500);
    assert_int_equal(next_status(&cursors, ROUTE_INGEST, three, 2), 500);
    assert_int_equal(next_status(&cursors, ROUTE_INGEST, one, 2), 503);
    assert_int_equal(next_status(&cursors, ROUTE_INGEST, one, 2), 0);
    pick = cursors_next(&cursors, ROUTE_INGEST, 1, three, 2);
    assert_int_equal(pick.from, PICK_BATCH);
    assert_int_equal(pick.event, 3);
    assert_int_equal(pick.number, 2);
    assert_int_equal(pick.step->answer.status, 503);
    /* Whose batch nobody can tell, is answered from the shared list. */
    assert_int_equal(next_status(&cursors, ROUTE_INGEST, NULL, 0), 418);
    assert_int_equal(next_status(&cursors, ROUTE_INGEST, strange, 1), 418);
    cursors_clear(&cursors);
    plan_free(plan);
}

static void cursor_with_event(void **state)
{
    struct plan       *plan = plan_new("test", "test", 1);
    struct route_plan *ingest = &plan->routes[ROUTE_INGEST];
    struct cursors     cursors;
    const unsigned     good[] = {1, 2}, poisoned[] = {3, 4};
    struct pick        pick;

    (void)state;
    plan->given.events = 6;
    ingest->with_event = alloc_zero(1, sizeof ingest->with_event[0]);
    ingest->with_event_count = 1;
    ingest->with_event[0].event = 4;
    add_step(&ingest->with_event[0].steps, 400, 0);
    add_step(&ingest->steps, 202, 0);
    cursors_init(&cursors, plan);
    assert_int_equal(next_status(&cursors, ROUTE_INGEST, good, 2), 202);
    pick = cursors_next(&cursors, ROUTE_INGEST, 1, poisoned, 2);
    assert_int_equal(pick.from, PICK_EVENT);
    assert_int_equal(pick.event, 4);
    assert_int_equal(pick.step->answer.status, 400);
    assert_int_equal(next_status(&cursors, ROUTE_INGEST, good, 2), 202);
    cursors_clear(&cursors);
    plan_free(plan);
}

/* ---- tally ---- */

/* A body "3 4" holds the events 3 and 4; each reading is counted. */
static size_t digits_of(void *readings, const struct attempt *attempt,
                        unsigned *numbers, size_t max)
{
    size_t count = 0;

    ++*(unsigned *)readings;
    for (const char *at = attempt->body; *at != '\0' && count < max; at++)
        if (*at >= '0' && *at <= '9')
            numbers[count++] = (unsigned)(*at - '0');
    return count;
}

static void attempt_order_counts_when_asked(void **state)
{
    struct plan               *plan = plan_new("test", "test", 1);
    struct step                decide = {.kind = STEP_DECIDE, .times = 0};
    struct attempt             attempts[7];
    static const char *const   bodies[] = {"1 2", "3 4", "1 2",  "9",
                                           "1 2", "3",   "9 2 1"};
    static const unsigned      wanted[] = {1, 1, 2, 1, 2, 2, 1};
    unsigned                   events[PLAN_EVENTS_MAX];
    unsigned                   readings = 0;
    const struct server_config config = {
        .hooks = {.data = &readings, .events_of = digits_of}};
    struct attempt_order attempt_order;

    (void)state;
    plan->given.events = 6;
    step_list_add(&plan->routes[ROUTE_INGEST].steps, &decide);
    attempt_order_init(&attempt_order, plan);
    for (size_t i = 0; i < 7; i++) {
        attempts[i] = (struct attempt){.number = (unsigned)i + 1,
                                       .route = ROUTE_INGEST,
                                       .body = (char *)(uintptr_t)bodies[i]};
        /* Struck before its body was read: nobody's, like the one of a 9. */
        attempt_order_note(&attempt_order, &attempts[i],
                           i == 4 ? 0 : ATTEMPT_ORDER_UNREAD);
        if (i == 2)
            assert_int_equal(attempt_order_nth(&attempt_order, &attempts[0],
                                               &config, events),
                             1);
    }
    assert_int_equal(readings, 3);
    for (size_t i = 7; i-- > 0;)
        assert_int_equal(
            attempt_order_nth(&attempt_order, &attempts[i], &config, events),
            wanted[i]);
    assert_int_equal(readings, 6);
    attempt_order_clear(&attempt_order);
    plan_free(plan);
}

/* ---- framing ---- */

static struct attempt *asked_of(struct record *record, const char *request,
                                const char *version, const char *const *fields,
                                const struct framing *framing)
{
    struct attempt *attempt = record_attempt(record);
    size_t          method = strcspn(request, " ");

    attempt->method = alloc_text_n(request, method);
    attempt->target = alloc_text(request + method + 1);
    attempt->version = alloc_text(version);
    for (; fields[0] != NULL; fields += 2)
        header_add(&attempt->headers, fields[0], fields[1]);
    framing_check(attempt, framing);
    return attempt;
}

static struct attempt *asked(struct record *record, const char *version,
                             const char *const *fields)
{
    static const struct framing anyone = {.host = NULL};

    return asked_of(record, "POST /v1/batch", version, fields, &anyone);
}

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void framing_faults(void **state)
{
    struct record        *record = record_new();
    const struct attempt *at;

    (void)state;
    at = asked(record, "HTTP/1.1",
               FIELDS("Host", "x", "Content-Length", "3", "Connection",
                      "keep-alive", "Authorization", "Basic eDo="));
    assert_int_equal(at->violation_count, 0);
    assert_false(framing_is_ambiguous(at));
    assert_false(framing_wants_close(at));
    at = asked(
        record, "HTTP/1.1",
        FIELDS("Host", "x", "Content-Length", "3", "content-length", "5"));
    assert_string_equal(at->violations[0].text,
                        "2 Content-Length fields, \"3\" and \"5\": exactly "
                        "one is allowed (RFC 9112, 6.3)");
    assert_true(framing_is_ambiguous(at));
    at = asked(record, "HTTP/1.1",
               FIELDS("Host", "x", "Content-Length", "3", "Transfer-Encoding",
                      "Chunked"));
    assert_int_equal(at->violation_count, 1);
    assert_true(framing_is_ambiguous(at));
    assert_false(framing_is_unreadable(at));
    at = asked(record, "HTTP/1.1",
               FIELDS("Host", "x", "Transfer-Encoding", "gzip, chunked"));
    assert_int_equal(at->violation_count, 1);
    assert_true(framing_is_unreadable(at));
    at = asked(record, "HTTP/1.1", FIELDS("Content-Length", "0"));
    assert_string_equal(at->violations[0].text,
                        "no Host field (RFC 9112, 3.2)");
    at = asked(record, "HTTP/1.1", FIELDS("Host", "x", "host", "x"));
    assert_int_equal(at->violation_count, 1);
    at = asked(record, "HTTP/1.0", FIELDS("Content-Length", "0"));
    assert_int_equal(at->violation_count, 1);
    assert_int_equal(at->violations[0].kind, VIOLATION_VERSION);
    assert_true(framing_wants_close(at));
    at = asked(record, "HTTP/1.1",
               FIELDS("Host", "x", "Authorization", "a", "Authorization", "b",
                      "Connection", "TE,  Close"));
    assert_int_equal(at->violation_count, 1);
    assert_true(framing_wants_close(at));
    at = asked(record, "HTTP/1.1", FIELDS("Host", "x", "X-Y ", "a"));
    assert_int_equal(at->violation_count, 1);
    at = asked(record, "HTTP/1.1", FIELDS("Host", "x", "X", "a\tb\rHost: y"));
    assert_string_equal(at->violations[0].text,
                        "the field \"X\" holds the byte 0x0d after \"a\tb\" "
                        "(RFC 9110, 5.5)");
    at = asked(record, "HTTP/1.1", FIELDS("Host", "x", "Expect", "200-ok"));
    assert_string_equal(at->violations[0].text,
                        "Expect \"200-ok\": only \"100-continue\" is allowed "
                        "(RFC 9110, 10.1.1)");
    at = asked(record, "HTTP/1.1",
               FIELDS("Host", "x", "Expect", "100-Continue"));
    assert_int_equal(at->violation_count, 1);
    at = asked(
        record, "HTTP/1.1",
        FIELDS("Host", "x", "Expect", "100-Continue", "Content-Length", "3"));
    assert_int_equal(at->violation_count, 0);
    record_free(record);
}

/* The kind of what is wrong with it; -1 = nothing. */
static int wrong_kind(const char *request, const char *host)
{
    static const struct framing framing = {
        .host = "127.0.0.1", .port = 4711, .write_key = "wk"};
    struct record        *record = record_new();
    const struct attempt *at =
        asked_of(record, request, "HTTP/1.1",
                 FIELDS("Host", host, "Content-Length", "2"), &framing);
    int kind = at->violation_count > 0 ? (int)at->violations[0].kind : -1;

    assert_true(at->violation_count <= 1);
    record_free(record);
    return kind;
}

static void framing_knows_the_endpoint(void **state)
{
    static const char own[] = "127.0.0.1:4711";

    (void)state;
    assert_int_equal(wrong_kind("POST /v1/batch", own), -1);
    assert_int_equal(wrong_kind("POST /v1/batch", "127.0.0.1"), VIOLATION_HOST);
    assert_int_equal(wrong_kind("POST /v1/batch", "127.0.0.1:47110"),
                     VIOLATION_HOST);
    assert_int_equal(wrong_kind("POST /v1/batch", "ingest.example:4711"),
                     VIOLATION_HOST);
    assert_int_equal(wrong_kind("POST /v1/batch", ""), VIOLATION_HOST);
    assert_int_equal(wrong_kind("POST http://127.0.0.1:4711/", own),
                     VIOLATION_HOST);
    assert_int_equal(wrong_kind("POST /v1/batch?a=wk", own),
                     VIOLATION_CREDENTIALS);
    assert_int_equal(wrong_kind("POST /v1/batch?access_token=t", own),
                     VIOLATION_CREDENTIALS);
    assert_int_equal(wrong_kind("POST /v1/batch/wk?a=b", own), -1);
    assert_int_equal(wrong_kind("PUT /v1/batch", own), VIOLATION_METHOD);
    assert_int_equal(wrong_kind("GET /v1/batch", own), VIOLATION_METHOD);
}

/* ---- responses ---- */

static void response_defaults(void **state)
{
    static const struct {
        int         status;
        enum route  route;
        const char *body; /* NULL = none */
    } cases[] = {
        {200, ROUTE_INGEST, "{\"success\":true}"},
        {299, ROUTE_INGEST, "{\"success\":true}"},
        {204, ROUTE_INGEST, NULL},
        {205, ROUTE_INGEST, ""},
        {304, ROUTE_INGEST, NULL},
        {100, ROUTE_INGEST, NULL},
        {429, ROUTE_INGEST,
         "{\"code\":\"status_429\",\"message\":\"Too Many Requests\"}"},
        {460, ROUTE_INGEST,
         "{\"code\":\"status_460\",\"message\":\"Status 460\"}"},
        {999, ROUTE_INGEST,
         "{\"code\":\"status_999\",\"message\":\"Status 999\"}"},
        {200, ROUTE_SETTINGS, "{settings}"},
        {503, ROUTE_SETTINGS,
         "{\"code\":\"status_503\",\"message\":\"Service Unavailable\"}"},
        {200, ROUTE_TOKEN,
         "{\"access_token\":\"retrial-token-0\",\"token_type\":\"Bearer\","
         "\"expires_in\":3600}"},
    };
    struct attempt attempt = {.method = (char[]){"POST"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer           answer = {.status = cases[i].status};
        struct response_context context = {.route = cases[i].route,
                                           .settings_body = "{settings}",
                                           .attempt = &attempt,
                                           .wall_s = WALL_S,
                                           .date = WALL_DATE};
        struct response         response;

        response_init(&response, &answer, &context);
        assert_int_equal(response.raw, cases[i].status < 200);
        assert_string_equal(header_get(&response.fields, "Date", 0), WALL_DATE);
        if (cases[i].body == NULL)
            assert_null(response.body);
        else
            assert_string_equal(response.body, cases[i].body);
        response_clear(&response);
    }
}

/* Of ingest alone, and by what becomes of the status. */
static void response_of_a_profile(void **state)
{
    static const struct {
        int         status;
        enum route  route;
        const char *body;
    } cases[] = {
        {200, ROUTE_INGEST, "{\"code\":200}"},
        {302, ROUTE_INGEST, "{\"code\":302}"},
        {400, ROUTE_INGEST, "no"},
        {200, ROUTE_OTHER, "{\"success\":true}"},
    };
    struct profile profile = {.answer_delivered = "{\"code\":{status}}",
                              .answer_refused = "no"};
    struct attempt attempt = {.method = (char[]){"POST"}};

    (void)state;
    profile.delivered[200] = profile.delivered[302] = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer           answer = {.status = cases[i].status};
        struct response_context context = {.route = cases[i].route,
                                           .profile = &profile,
                                           .attempt = &attempt,
                                           .wall_s = WALL_S,
                                           .date = WALL_DATE};
        struct response         response;

        response_init(&response, &answer, &context);
        assert_string_equal(response.body, cases[i].body);
        response_clear(&response);
    }
}

/* Whether an answer with this one field is sent raw. */
static bool is_raw(const char *name, const char *value)
{
    struct attempt          attempt = {.method = (char[]){"POST"}};
    struct answer           answer = {.status = 429};
    struct response_context context = {.attempt = &attempt, .date = WALL_DATE};
    struct response         response;
    bool                    raw;

    header_add(&answer.headers, name, value);
    response_init(&response, &answer, &context);
    raw = response.raw;
    if (raw && strcmp(name, "Connection") != 0)
        assert_string_equal(header_get(&response.fields, "Connection", 0),
                            "close");
    response_clear(&response);
    header_clear(&answer.headers);
    return raw;
}

static void response_knows_what_must_be_raw(void **state)
{
    char long_value[SERVER_HEAD_BYTES_MAX];

    (void)state;
    memset(long_value, 'x', sizeof long_value);
    long_value[sizeof long_value - 1] = '\0';
    assert_false(is_raw("Retry-After", "2"));
    assert_false(is_raw("Retry-After", "+5 junk"));
    assert_false(is_raw("Date", "yesterday"));
    assert_false(is_raw("Connection", "close"));
    assert_true(is_raw("Retry-After", ""));
    assert_true(is_raw("Retry-After", " 7"));
    assert_true(is_raw("Retry-After", "7\t"));
    assert_true(is_raw("Content-Length", "5"));
    assert_true(is_raw("transfer-encoding", "chunked"));
    assert_true(is_raw("Connection", "keep-alive"));
    assert_true(is_raw("X Y", "a"));
    assert_true(is_raw("X", long_value));
}

static void response_prints_exactly(void **state)
{
    struct attempt          attempt = {.method = (char[]){"POST"}};
    struct answer           answer = {.status = 429};
    struct response_context context = {
        .attempt = &attempt, .wall_s = WALL_S, .date = WALL_DATE};
    struct response response;
    struct bytes    text;

    (void)state;
    answer.body = (char[]){"no"};
    answer.body_bytes = 2;
    header_add(&answer.headers, "Retry-After", " 7 ");
    response_init(&response, &answer, &context);
    bytes_init(&text, 1000);
    response_print(&response, true, &text);
    assert_string_equal(bytes_text(&text), "HTTP/1.1 429 Too Many Requests\r\n"
                                           "Connection: close\r\n"
                                           "Date: " WALL_DATE "\r\n"
                                           "Content-Type: application/json\r\n"
                                           "Retry-After:  7 \r\n"
                                           "Content-Length: 2\r\n\r\nno");
    bytes_clear(&text);
    response_clear(&response);
    header_clear(&answer.headers);
}

/* ---- response ---- */

static struct MHD_Response *say(struct response_cache *response_cache,
                                const char *name, const char *value,
                                const char *body)
{
    struct response      response = {.body = body, .body_bytes = strlen(body)};
    struct MHD_Response *said;

    header_add(&response.fields, name, value);
    said = response_cache_find(response_cache, &response);
    header_clear(&response.fields);
    return said;
}

static void response_is_made_anew_when_it_differs(void **state)
{
    static const char *const others[][3] = {
        {"Retry-After", "1", "yes"}, {"Retry-After", "2", "yes"},
        {"Retry-after", "2", "yes"}, {"Retry-after", "2", "no!"},
        {"Retry-after", "2", "no"},  {"Retry-after", "2", ""},
    };
    static char           long_body[5000];
    struct response_cache response_cache = {0};

    (void)state;
    memset(long_body, 'x', sizeof long_body - 1);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const char *const   *at = others[i];
        struct MHD_Response *made = say(&response_cache, at[0], at[1], at[2]);

        assert_string_equal(MHD_get_response_header(made, at[0]), at[1]);
        assert_string_equal(response_cache.fields.items[0].name, at[0]);
        assert_string_equal(response_cache.body, at[2]);
        assert_ptr_equal(say(&response_cache, at[0], at[1], at[2]), made);
    }
    assert_non_null(say(&response_cache, "A", "b", long_body));
    assert_null(response_cache.body);
    assert_null(
        say(&response_cache, "A", "b\r\nc", "")); /* it cannot say that */
    assert_non_null(say(&response_cache, "A", "b", ""));
    response_cache_clear(&response_cache);
}

/* ---- the rest ---- */

static void complaints(void **state)
{
    char text[COMPLAINT_MAX] = "unchanged";

    (void)state;
    assert_false(complaint_read("Application reported internal error, closing "
                                "connection.\n",
                                text));
    assert_string_equal(text, "unchanged");
    assert_true(complaint_read(
        "Error processing request (HTTP response code is 400 ('<html><head>"
        "<title>Request malformed</title></head><body>Wrong value for "
        "<b>Content-Length</b> header.</body></html>')). Closing "
        "connection.\n",
        text));
    assert_string_equal(text, "refused with 400: Wrong value for "
                              "Content-Length header.");
    assert_true(complaint_read("Error processing request", text));
    assert_true(
        complaint_read("Error processing request code is <body><", text));
}

static void every_fault_is_played_by_someone(void **state)
{
    (void)state;
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++) {
        const struct fault_entry *entry = fault_entry((enum fault)i);

        assert_int_equal(entry->play || entry->early || entry->spoil,
                         fault_family((enum fault)i) != FAMILY_PORT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_come_in_order),
        cmocka_unit_test(watch_taken_off_is_not_called),
        cmocka_unit_test(loop_fires_by_its_clock),
        cmocka_unit_test(routes),
        cmocka_unit_test(routes_of_a_profile),
        cmocka_unit_test(cursor_repeats_and_ends),
        cmocka_unit_test(cursor_per_batch),
        cmocka_unit_test(cursor_with_event),
        cmocka_unit_test(attempt_order_counts_when_asked),
        cmocka_unit_test(framing_faults),
        cmocka_unit_test(framing_knows_the_endpoint),
        cmocka_unit_test(response_defaults),
        cmocka_unit_test(response_of_a_profile),
        cmocka_unit_test(response_knows_what_must_be_raw),
        cmocka_unit_test(response_prints_exactly),
        cmocka_unit_test(response_is_made_anew_when_it_differs),
        cmocka_unit_test(complaints),
        cmocka_unit_test(every_fault_is_played_by_someone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
