/* SPDX-License-Identifier: Apache-2.0 */
/* What the server asks its owner: whose batch a request is, and what a decide
 * step says. */

#include "common/alloc.h"
#include "server_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define OWNER_DELAY_NS (5 * NS_PER_MS)

struct owner {
    unsigned   attempts;
    unsigned   nth[8];
    unsigned   decided;
    bool       fails;
    int        status; /* 0 = the fault, after a delay */
    enum fault fault; /* FAULT_NONE = a reset */
};

/* A body "3 4" holds the events 3 and 4. */
static size_t owner_events_of(void *data, const struct attempt *attempt,
                              unsigned *numbers, size_t max)
{
    size_t count = 0;

    (void)data;
    for (const char *at = attempt->body; *at != '\0' && count < max; at++)
        if (*at >= '0' && *at <= '9')
            numbers[count++] = (unsigned)(*at - '0');
    return count;
}

static bool owner_decide(void *data, int handle, struct server *server,
                         const struct attempt *attempt, struct step *step,
                         struct err *err)
{
    struct owner *owner = data;
    unsigned      nth = server_nth(server, attempt);

    assert_int_equal(handle, 42);
    assert_non_null(attempt->body);
    owner->nth[owner->decided++] = nth;
    if (owner->fails)
        return err_set(err, ERR_SCENARIO, "x.lua:7", "number %u", nth);
    step->kind = owner->status == 0 ? STEP_FAULT : STEP_ANSWER;
    step->fault = owner->fault != FAULT_NONE ? owner->fault : FAULT_RESET;
    step->delay_ns = owner->status == 0 ? OWNER_DELAY_NS : 0;
    step->answer.status = owner->status;
    step->answer.body = alloc_text("decided");
    step->answer.body_bytes = strlen("decided");
    return true;
}

static void owner_on_attempt(void *data, const struct attempt *attempt)
{
    struct owner *owner = data;

    assert_int_equal(attempt->number, ++owner->attempts);
}

static void stage_hooks(struct stage *stage, struct owner *owner)
{
    stage->config.hooks = (struct server_hooks){
        .data = owner, .events_of = owner_events_of, .decide = owner_decide};
    stage->config.on_attempt = owner_on_attempt;
    stage->config.owner = owner;
}

static void batches_have_cursors_of_their_own(void **state)
{
    struct stage       stage;
    struct owner       owner = {0};
    struct route_plan *ingest;
    int                fd;

    (void)state;
    stage_init(&stage);
    stage_hooks(&stage, &owner);
    ingest = &stage.plan->routes[ROUTE_INGEST];
    stage_answer(&ingest->each_batch, 500)->times = 2;
    ingest->with_event = alloc_zero(1, sizeof ingest->with_event[0]);
    ingest->with_event_count = 1;
    ingest->with_event[0].event = 6;
    stage_answer(&ingest->with_event[0].steps, 400)->times = 0;
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("1 2"), "HTTP/1.1 500 ");
    peer_ask(&stage, fd, peer_post("3 4"), "HTTP/1.1 500 ");
    peer_ask(&stage, fd, peer_post("5 6"), "HTTP/1.1 400 ");
    peer_ask(&stage, fd, peer_post("1 2"), "HTTP/1.1 500 ");
    peer_ask(&stage, fd, peer_post("1 2"), "HTTP/1.1 200 ");
    peer_ask(&stage, fd, peer_post("3 4"), "HTTP/1.1 500 ");
    peer_ask(&stage, fd, peer_post("5 6"), "HTTP/1.1 400 ");
    peer_ask(&stage, fd, peer_post("none"), "HTTP/1.1 200 ");
    stage_attempts(&stage, 8);
    assert_string_equal(attempt_at(&stage, 2)->played,
                        "ingest, batch of event 3, 1. answer 500");
    assert_string_equal(attempt_at(&stage, 3)->played,
                        "ingest, batch with event 6, 1. answer 400");
    assert_int_equal(owner.attempts, 8);
    close(fd);
    stage_clear(&stage);
}

static struct step *add_decide(struct stage *stage, unsigned times)
{
    struct step *step = stage_fault(stage_steps(stage), FAULT_NONE);

    step->kind = STEP_DECIDE;
    step->decide = 42;
    step->times = times;
    return step;
}

static void decide_is_asked(void **state)
{
    struct stage stage;
    struct owner owner = {.status = 418};
    struct err   err;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_hooks(&stage, &owner);
    stage_answer(stage_steps(&stage), 503);
    add_decide(&stage, 0);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("1"), "HTTP/1.1 503 ");
    peer_ask(&stage, fd, peer_post("2"), "HTTP/1.1 418 ");
    peer_ask(&stage, fd, peer_post("1"), "decided");
    peer_ask(&stage, fd, peer_post("none"), "decided");
    stage_attempts(&stage, 4);
    assert_int_equal(owner.nth[0], 1);
    assert_int_equal(owner.nth[1], 2);
    assert_int_equal(owner.nth[2], 1);
    assert_string_equal(attempt_at(&stage, 2)->played,
                        "ingest 2. decide: answer 418, body 7 bytes "
                        "\"decided\"");
    assert_false(server_trouble(stage.server, &err));
    close(fd);
    stage_clear(&stage);
}

static void decide_may_say_a_fault(void **state)
{
    struct stage          stage;
    struct owner          owner = {0};
    struct bytes          answer = {0};
    const struct attempt *at;
    int                   fd;

    (void)state;
    stage_init(&stage);
    stage_hooks(&stage, &owner);
    add_decide(&stage, 1);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, peer_post("1"));
    assert_int_equal(peer_rest(&stage, fd, &answer), PEER_RST);
    stage_attempts(&stage, 1);
    at = attempt_at(&stage, 1);
    assert_int_equal(at->fault, FAULT_RESET);
    assert_true(at->answering_ns >= at->body_ns + OWNER_DELAY_NS);
    assert_string_equal(at->played,
                        "ingest 1. decide: after 5.0 ms: fault reset");
    bytes_clear(&answer);
    close(fd);
    stage_clear(&stage);
}

static void decide_that_fails_is_trouble(void **state)
{
    struct stage stage;
    struct owner owner = {.fails = true};
    struct err   err;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_hooks(&stage, &owner);
    add_decide(&stage, 0);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("1"), "HTTP/1.1 500 ");
    peer_ask(&stage, fd, peer_post("1"), "HTTP/1.1 500 ");
    assert_true(server_trouble(stage.server, &err));
    assert_string_equal(err.place, "x.lua:7");
    assert_string_equal(err.text, "number 1");
    owner.fails = false;
    owner.status = 1000;
    peer_ask(&stage, fd, peer_post("1"), "HTTP/1.1 500 ");
    close(fd);
    stage_clear(&stage);
}

/* What strikes before the request, or needs a TLS that nobody speaks. */
static void decide_says_what_cannot_be_played(void **state)
{
    static const struct {
        enum fault  fault;
        const char *why;
    } cases[] = {
        {FAULT_TLS_EXPIRED, "the fault tls-expired, which strikes before"},
        {FAULT_TLS_FOR_PLAIN, "the fault tls-for-plain, which strikes before"},
        {FAULT_TLS_CUT_BODY, "the fault tls-cut-body, which is played over "
                             "TLS only"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct owner owner = {.fault = cases[i].fault};
        struct err   err;
        int          fd;

        stage_init(&stage);
        stage_hooks(&stage, &owner);
        add_decide(&stage, 1);
        stage_start(&stage);
        fd = peer_connect(&stage);
        peer_ask(&stage, fd, peer_post("1"), "HTTP/1.1 500 ");
        assert_true(server_trouble(stage.server, &err));
        assert_non_null(strstr(err.text, cases[i].why));
        close(fd);
        stage_clear(&stage);
    }
}

static void decide_without_an_owner_is_trouble(void **state)
{
    struct stage stage;
    struct err   err;
    int          fd;

    (void)state;
    stage_init(&stage);
    add_decide(&stage, 1);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("1"), "HTTP/1.1 500 ");
    assert_true(server_trouble(stage.server, &err));
    assert_int_equal(err.code, ERR_OURS);
    close(fd);
    stage_clear(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_have_cursors_of_their_own),
        cmocka_unit_test(decide_is_asked),
        cmocka_unit_test(decide_may_say_a_fault),
        cmocka_unit_test(decide_that_fails_is_trouble),
        cmocka_unit_test(decide_says_what_cannot_be_played),
        cmocka_unit_test(decide_without_an_owner_is_trouble),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
