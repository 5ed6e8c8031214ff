/* SPDX-License-Identifier: Apache-2.0 */
/* Faults, delays, hang-ups and abuse, each seen from both ends. */

#include "common/alloc.h"
#include "common/text.h"
#include "server_peer.h"
#include "tests/unit/fake_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* Waits until the record holds a remark with this text. */
static void await_remark(struct stage *stage, const char *text)
{
    do {
        for (size_t i = 0; i < stage->record->remark_count; i++)
            if (strstr(stage->record->remarks[i].text, text) != NULL)
                return;
    } while (stage_turn(stage));
    for (size_t i = 0; i < stage->record->remark_count; i++)
        print_message("remark: %s\n", stage->record->remarks[i].text);
    fail_msg("no remark \"%s\"", text);
}

static void await_idle(struct stage *stage)
{
    while (!server_idle(stage->server))
        if (!stage_turn(stage))
            fail_msg("a connection stays open");
}

/* ---- faults ---- */

static void assert_fault(const struct attempt *attempt, enum fault fault)
{
    assert_int_equal(attempt->fault, fault);
    assert_int_equal(attempt->status, 0);
    assert_int_equal(attempt->end, ANSWER_NONE);
    assert_int_equal(attempt->answer_headers.count, 0);
    assert_string_equal(attempt->body, "abc");
    assert_true(attempt->body_ns != TIME_NEVER);
}

/* What follows the request must not turn the FIN into an RST. */
static void close_sends_fin(void **state)
{
    static const char *const requests[] = {
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET / HT",
    };
    struct stage stage;

    (void)state;
    stage_init(&stage);
    stage_fault(stage_steps(&stage), FAULT_CLOSE)->times = 0;
    stage_start(&stage);
    for (size_t i = 0; i < 3; i++) {
        struct bytes answer = {0};
        int          fd = peer_connect(&stage);

        peer_send(&stage, fd, requests[i]);
        assert_int_equal(peer_rest(&stage, fd, &answer), PEER_FIN);
        assert_int_equal(answer.length, 0);
        stage_attempts(&stage, i + 1);
        assert_fault(attempt_at(&stage, i + 1), FAULT_CLOSE);
        assert_string_equal(attempt_at(&stage, i + 1)->played,
                            "ingest 1. fault close");
        assert_true(attempt_at(&stage, i + 1)->answering_ns <=
                    attempt_at(&stage, i + 1)->answered_ns);
        close(fd);
        bytes_clear(&answer);
    }
    assert_true(server_first_answer_ns(stage.server) ==
                attempt_at(&stage, 1)->answering_ns);
    await_idle(&stage);
    assert_int_equal(stage.record->remark_count, 0);
    stage_clear(&stage);
}

static void reset_sends_rst(void **state)
{
    struct stage stage;
    struct bytes answer = {0};
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_fault(stage_steps(&stage), FAULT_RESET)->times = 0;
    stage_start(&stage);
    for (size_t i = 1; i <= 3; i++) {
        fd = peer_connect(&stage);
        peer_send(&stage, fd, peer_post("abc"));
        assert_int_equal(peer_rest(&stage, fd, &answer), PEER_RST);
        assert_int_equal(answer.length, 0);
        stage_attempts(&stage, i);
        assert_fault(attempt_at(&stage, i), FAULT_RESET);
        close(fd);
    }
    await_idle(&stage);
    bytes_clear(&answer);
    stage_clear(&stage);
}

/* A kept connection that dies at its second request. */
static void faults_come_on_kept_connections(void **state)
{
    struct stage stage;
    struct bytes answer = {0};
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 200);
    stage_fault(stage_steps(&stage), FAULT_RESET);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 200 ");
    peer_send(&stage, fd, peer_post("abc"));
    assert_int_equal(peer_rest(&stage, fd, &answer), PEER_RST);
    stage_attempts(&stage, 2);
    assert_int_equal(attempt_at(&stage, 2)->connection, 1);
    close(fd);
    bytes_clear(&answer);
    stage_clear(&stage);
}

static void hang_lasts_until_the_client_goes(void **state)
{
    struct stage stage;
    struct bytes answer = {0};
    int64_t      before_ns;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_fault(stage_steps(&stage), FAULT_HANG);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, peer_post("abc"));
    stage_turns(&stage, 20);
    bytes_init(&answer, 100);
    assert_int_equal(peer_now(fd, &answer), PEER_OPEN);
    assert_int_equal(answer.length, 0);
    assert_true(attempt_at(&stage, 1)->gone_ns == TIME_NEVER);
    assert_true(server_first_answer_ns(stage.server) != TIME_NEVER);
    assert_false(server_idle(stage.server));
    before_ns = clock_now_ns(clock_real()) - stage.config.epoch_ns;
    close(fd);
    stage_attempts(&stage, 1);
    assert_fault(attempt_at(&stage, 1), FAULT_HANG);
    assert_true(attempt_at(&stage, 1)->gone_ns >= before_ns);
    assert_true(attempt_at(&stage, 1)->answering_ns == TIME_NEVER);
    await_idle(&stage);
    stage_clear(&stage);
}

static void hang_is_cut_when_the_server_stops(void **state)
{
    struct stage stage;
    struct bytes answer = {0};
    int          fd[3];

    (void)state;
    stage_init(&stage);
    stage_fault(stage_steps(&stage), FAULT_HANG)->times = 3;
    stage_start(&stage);
    for (int i = 0; i < 3; i++) {
        fd[i] = peer_connect(&stage);
        peer_send(&stage, fd[i], peer_post("abc"));
    }
    while (stage.record->attempt_count < 3)
        assert_true(stage_turn(&stage));
    stage_turns(&stage, 5);
    stage_stop(&stage);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(attempt_at(&stage, i + 1)->end, ANSWER_CUT);
        assert_true(attempt_at(&stage, i + 1)->gone_ns == TIME_NEVER);
        bytes_init(&answer, 100);
        assert_int_equal(peer_now(fd[i], &answer), PEER_FIN);
        close(fd[i]);
    }
    stage_clear(&stage);
}

/* ---- every fault ---- */

/* The kernel makes a connection and breaks it before the peer looks; what the
 * peer says meanwhile is lost either way. */
static void send_to_anyone(int fd, const char *text)
{
    send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* What `retrial faults` proves from the peer's side holds from the record's,
 * too: what was played, how it ended, and what it is for the judge. */
static void assert_struck(const struct stage *stage, enum fault fault)
{
    const struct attempt *attempt = attempt_at(stage, 1);
    bool                  whole = attempt->body_ns != TIME_NEVER;

    assert_int_equal(attempt->fault, fault);
    assert_non_null(strstr(attempt->played, fault_name(fault)));
    assert_true(whole || fault_family(fault) == FAMILY_REQUEST);
    switch (fault_sees(fault)) {
    case SEES_ANSWER:
        assert_int_equal(attempt->status, fault_status(fault));
        assert_int_equal(attempt->end, ANSWER_COMPLETE);
        break;
    case SEES_TROUBLE:
        assert_true(attempt->end == ANSWER_NONE || attempt->end == ANSWER_CUT);
        assert_true(attempt->answering_ns <= attempt->answered_ns);
        break;
    case SEES_SILENCE:
        assert_true(attempt->gone_ns != TIME_NEVER);
        break;
    case SEES_EITHER:
        break;
    }
}

static void strike_one(enum fault fault)
{
    static char  request[256];
    struct stage stage;
    struct bytes answer = {0};
    int          fd;

    snprintf(request, sizeof request, "%s", peer_post("abc"));
    stage_init(&stage);
    stage_fault(stage_steps(&stage), fault);
    stage_start(&stage);
    fd = peer_connect(&stage);
    send_to_anyone(fd, request);
    while (stage.record->attempt_count == 0)
        assert_true(stage_turn(&stage));
    if (fault_sees(fault) == SEES_SILENCE || fault == FAULT_ENDLESS_BODY ||
        fault == FAULT_CONTINUE_UNASKED || fault == FAULT_LINGER)
        stage_turns(&stage, 50);
    else
        peer_rest(&stage, fd, &answer);
    close(fd);
    while (!server_idle(stage.server))
        assert_true(stage_turn(&stage));
    assert_struck(&stage, fault);
    bytes_clear(&answer);
    stage_clear(&stage);
}

static void every_fault_is_in_the_record(void **state)
{
    (void)state;
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++)
        if (!fault_is_of_connection((enum fault)i) &&
            fault_over((enum fault)i) != OVER_TLS &&
            i != FAULT_CONTINUE_WITHHELD) /* only to who asks for it */
            strike_one((enum fault)i);
}

/* The same, for those that strike before there is an attempt. */
static void connection_faults_are_remarks(void **state)
{
    (void)state;
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++) {
        enum fault   fault = (enum fault)i;
        struct stage stage;
        int          fd;

        if (fault_family(fault) != FAMILY_ACCEPT)
            continue;
        stage_init(&stage);
        stage_connection_fault(&stage, 2, fault);
        stage_start(&stage);
        fd = peer_connect(&stage);
        peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 200 ");
        close(fd);
        fd = peer_connect(&stage);
        await_remark(&stage, fault_name(fault));
        close(fd);
        await_idle(&stage);
        assert_int_equal(stage.record->remark_count, 1);
        assert_int_equal(stage.record->remarks[0].fault, fault);
        assert_int_equal(stage.record->remarks[0].connection, 2);
        stage_clear(&stage);
    }
}

/* The port is shut for the second connection, and opens again. */
static void port_opens_late(void **state)
{
    struct stage stage;
    struct step *step;
    int          fd;

    (void)state;
    stage_init(&stage);
    step = stage_connection_fault(&stage, 2, FAULT_OPEN_LATE);
    step->how.values[PARAM_LASTS] = 30 * NS_PER_MS;
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 200 ");
    await_remark(&stage, "open-late");
    assert_true(peer_is_refused(&stage));
    while (stage.record->remarks[0].until_ns == TIME_NEVER)
        assert_true(stage_turn(&stage));
    assert_true(stage.record->remarks[0].until_ns >=
                stage.record->remarks[0].at_ns + 30 * NS_PER_MS);
    /* The connection from before has lived on. */
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 200 ");
    close(fd);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 200 ");
    stage_attempts(&stage, 3);
    assert_int_equal(attempt_at(&stage, 3)->connection, 2);
    close(fd);
    stage_clear(&stage);
}

/* A kept connection whose second request meets a fault by its number. */
static void connections_have_steps_of_their_own(void **state)
{
    struct stage      stage;
    struct step_list *own;
    struct bytes      answer = {0};
    int               first, second;

    (void)state;
    stage_init(&stage);
    own = stage_connection(&stage, 1);
    stage_answer(own, 503);
    stage_fault(own, FAULT_RESET);
    stage_answer(stage_steps(&stage), 502);
    stage_start(&stage);
    first = peer_connect(&stage);
    peer_ask(&stage, first, peer_post("abc"), "HTTP/1.1 503 ");
    second = peer_connect(&stage);
    peer_ask(&stage, second, peer_post("abc"), "HTTP/1.1 502 ");
    peer_send(&stage, first, peer_post("abc"));
    assert_int_equal(peer_rest(&stage, first, &answer), PEER_RST);
    stage_attempts(&stage, 3);
    assert_string_equal(attempt_at(&stage, 3)->played,
                        "ingest, connection 1, 2. fault reset");
    close(first);
    close(second);
    bytes_clear(&answer);
    stage_clear(&stage);
}

/* ---- delays ---- */

static void delays_are_kept(void **state)
{
    const int64_t delay_ns = 30 * NS_PER_MS;
    struct stage  stage;
    struct step  *step;
    int           fd;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 503)->delay_ns = delay_ns;
    step = stage_answer(stage_steps(&stage), 429);
    step->delay_ns = delay_ns;
    step_retry_after(step, "");
    stage_fault(stage_steps(&stage), FAULT_RESET)->delay_ns = delay_ns;
    stage_start(&stage);
    for (size_t i = 1; i <= 3; i++) {
        struct bytes          answer = {0};
        const struct attempt *at;

        fd = peer_connect(&stage);
        peer_send(&stage, fd, peer_post("abc"));
        peer_answer(&stage, fd, &answer);
        stage_attempts(&stage, i);
        at = attempt_at(&stage, i);
        assert_true(at->answering_ns >= at->body_ns + delay_ns);
        assert_int_equal(at->status, i == 1 ? 503 : i == 2 ? 429 : 0);
        assert_int_equal(at->end, i == 3 ? ANSWER_NONE : ANSWER_COMPLETE);
        bytes_clear(&answer);
        close(fd);
    }
    stage_clear(&stage);
}

static void delayed_connection_is_kept_alive(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 503)->delay_ns = 5 * NS_PER_MS;
    stage_answer(stage_steps(&stage), 502)->delay_ns = 5 * NS_PER_MS;
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 503 ");
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 502 ");
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 200 ");
    stage_attempts(&stage, 3);
    assert_int_equal(attempt_at(&stage, 3)->connection, 1);
    close(fd);
    stage_clear(&stage);
}

/* The shorter delay is over first, on whatever connection it is. */
static void delays_run_beside_each_other(void **state)
{
    struct stage stage;
    int          slow, quick;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 503)->delay_ns = 3600 * NS_PER_S;
    stage_fault(stage_steps(&stage), FAULT_HANG);
    stage_answer(stage_steps(&stage), 502)->delay_ns = NS_PER_MS;
    stage_start(&stage);
    for (int i = 0; i < 2; i++) {
        slow = peer_connect(&stage);
        peer_send(&stage, slow, peer_post("abc"));
        while (stage.record->attempt_count < (size_t)i + 1)
            assert_true(stage_turn(&stage));
    }
    quick = peer_connect(&stage);
    peer_ask(&stage, quick, peer_post("abc"), "HTTP/1.1 502 ");
    stage_stop(&stage);
    assert_int_equal(attempt_at(&stage, 1)->end, ANSWER_CUT);
    assert_int_equal(attempt_at(&stage, 2)->end, ANSWER_CUT);
    close(slow);
    close(quick);
    stage_clear(&stage);
}

static void hang_up_in_a_delay_is_seen_at_once(void **state)
{
    static const struct linger reset = {1, 0};
    struct stage               stage;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 503)->times = 0;
    stage_steps(&stage)->items[0].delay_ns = 3600 * NS_PER_S;
    stage_start(&stage);
    for (size_t i = 1; i <= 3; i++) {
        const struct attempt *at;
        int                   fd = peer_connect(&stage);

        peer_send(&stage, fd, peer_post("abc"));
        while (stage.record->attempt_count < i ||
               attempt_at(&stage, i)->body_ns == TIME_NEVER)
            assert_true(stage_turn(&stage));
        stage_turns(&stage, 3);
        at = attempt_at(&stage, i);
        assert_true(at->gone_ns == TIME_NEVER);
        if (i == 2) /* By RST. */
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        if (i == 3) /* With bytes behind the request. */
            peer_send(&stage, fd, "GET / HTTP/1.1\r\n");
        close(fd);
        stage_attempts(&stage, i);
        assert_int_equal(at->end, ANSWER_GONE);
        assert_true(at->gone_ns > at->body_ns);
        assert_true(at->answering_ns == TIME_NEVER);
        assert_int_equal(at->status, 0);
        await_idle(&stage);
    }
    stage_clear(&stage);
}

/* ---- requests that are not whole ---- */

static void client_that_goes_within_its_body(void **state)
{
    struct stage          stage;
    const struct attempt *at;
    int                   fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd,
              "POST / HTTP/1.1\r\nHost: x\r\n"
              "Content-Length: 30\r\n\r\nabc");
    close(fd);
    stage_attempts(&stage, 1);
    at = attempt_at(&stage, 1);
    assert_int_equal(at->end, ANSWER_GONE);
    assert_true(at->body_ns == TIME_NEVER);
    assert_true(at->gone_ns != TIME_NEVER);
    assert_string_equal(at->body, "abc");
    assert_string_equal(at->body_sha256, "");
    await_remark(&stage, "attempt 1: the client went after 3 bytes of a body");
    stage_clear(&stage);
}

static void stop_cuts_what_is_not_whole(void **state)
{
    struct stage stage;
    int          body, head, idle;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    body = peer_connect(&stage);
    peer_send(&stage, body,
              "POST / HTTP/1.1\r\nHost: x\r\n"
              "Content-Length: 30\r\n\r\nabc");
    head = peer_connect(&stage);
    peer_send(&stage, head, "POST / HTTP/1.1\r\nHost:");
    idle = peer_connect(&stage);
    stage_turns(&stage, 5);
    stage_stop(&stage);
    assert_int_equal(attempt_at(&stage, 1)->end, ANSWER_CUT);
    assert_true(attempt_at(&stage, 1)->gone_ns == TIME_NEVER);
    assert_int_equal(stage.record->attempt_count, 1);
    assert_int_equal(stage.record->remark_count, 2);
    close(body);
    close(head);
    close(idle);
    stage_clear(&stage);
}

/* A request must be whole in time, an idle connection may stay. */
static void slow_requests_are_ended(void **state)
{
    struct stage      stage;
    struct clock_fake fake;
    struct bytes      answer = {0};
    int               body, head, idle, silent;

    (void)state;
    stage_init(&stage);
    clock_fake_init(&fake, NS_PER_S, NS_PER_S);
    stage.config.clock = &fake.clock;
    stage_start(&stage);
    idle = peer_connect(&stage);
    peer_ask(&stage, idle, peer_post("abc"), "HTTP/1.1 200 ");
    silent = peer_connect(&stage);
    stage_turns(&stage, 5);
    clock_fake_advance(&fake, 3600 * NS_PER_S);
    stage_turns(&stage, 5);
    body = peer_connect(&stage);
    peer_send(&stage, body,
              "POST / HTTP/1.1\r\nHost: x\r\n"
              "Content-Length: 30\r\n\r\nabc");
    head = peer_connect(&stage);
    peer_send(&stage, head, "POST / HTT");
    stage_turns(&stage, 5);
    clock_fake_advance(&fake, 20 * NS_PER_S);
    peer_send(&stage, body, "de");
    peer_send(&stage, head, "P/1.1\r\nHost: ");
    stage_turns(&stage, 5);
    assert_int_equal(stage.record->remark_count, 0);
    clock_fake_advance(&fake, 11 * NS_PER_S);
    stage_turns(&stage, 5);
    assert_int_equal(peer_rest(&stage, body, &answer), PEER_FIN);
    assert_int_equal(peer_rest(&stage, head, &answer), PEER_FIN);
    assert_int_equal(answer.length, 0);
    assert_int_equal(attempt_at(&stage, 2)->end, ANSWER_CUT);
    assert_int_equal(attempt_at(&stage, 2)->violation_count, 1);
    assert_int_equal(stage.record->remark_count, 2);
    peer_ask(&stage, idle, peer_post("abc"), "HTTP/1.1 200 ");
    peer_ask(&stage, silent, peer_post("abc"), "HTTP/1.1 200 ");
    bytes_clear(&answer);
    close(body);
    close(head);
    close(idle);
    close(silent);
    stage_clear(&stage);
}

/* ---- requests that are wrong ---- */

static void violations_are_written_down(void **state)
{
    /* clang-format off */
    static const struct {
        const char *request;
        const char *violation;
    } cases[] = {
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
         "Content-Length: 3\r\n\r\nabc", "2 Content-Length fields"},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
         "Content-Length: 5\r\n\r\nabcGET / HTTP/1.1\r\n\r\n",
         "2 Content-Length fields"},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
         "Content-Length beside Transfer-Encoding"},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
         "Transfer-Encoding \"xchunked\""},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n"
         "\r\n0\r\n\r\n", "Transfer-Encoding \"gzip, chunked\""},
        {"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "no Host field"},
        {"POST / HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n",
         "2 Host fields"},
        {"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\n"
         "Authorization: b\r\nContent-Length: 0\r\n\r\n",
         "2 Authorization fields"},
        {"POST / HTTP/1.1\r\nHost : x\r\nContent-Length: 0\r\n\r\n",
         "name of a"},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
         "zz\r\nabc\r\n0\r\n\r\n", "the body was refused with 400: "},
        {"POST http://x/v1/batch HTTP/1.1\r\nHost: x\r\n"
         "Content-Length: 0\r\n\r\n", "\"http://x/v1/batch\" is not a path"},
        {"POST /b?a=1&access_token=t HTTP/1.1\r\nHost: x\r\n"
         "Authorization: Bearer t\r\nContent-Length: 0\r\n\r\n",
         "a token in the target"},
        {"POST / HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n"
         "Content-Length: 0\r\n\r\n", "Expect \"200-ok\""},
    };
    /* clang-format on */
    struct stage stage;
    size_t       attempts = 0;
    size_t       remarks = 0;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char  *expected = cases[i].violation;
        const bool   is_read = strstr(expected, "Encoding \"") == NULL;
        const char  *text;
        struct bytes answer = {0};
        int          fd = peer_connect(&stage);

        peer_send(&stage, fd, cases[i].request);
        peer_answer(&stage, fd, &answer);
        if (is_read) /* by every libmicrohttpd */
            stage_attempts(&stage, attempts + 1);
        if (stage_attempt_or_remark(&stage, attempts + 1, remarks + 1)) {
            const struct attempt *at = attempt_at(&stage, ++attempts);

            assert_true(at->violation_count >= 1);
            text = at->violations[0].text;
        } else {
            expected = "Transfer-Encoding";
            text = stage.record->remarks[remarks].text;
            assert_int_equal(stage.record->remarks[remarks++].wrong,
                             VIOLATION_FRAME);
        }
        if (strstr(text, expected) == NULL)
            fail_msg("%s: %s", expected, text);
        /* No second request was smuggled in. */
        close(fd);
        await_idle(&stage);
        assert_int_equal(stage.record->attempt_count, attempts);
        bytes_clear(&answer);
    }
    stage_clear(&stage);
}

static void refused_requests_leave_a_remark(void **state)
{
    /* clang-format off */
    static const struct {
        const char *request;
        const char *status; /* of the answer; "" = none */
        const char *remark;
    } cases[] = {
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n", "400",
         "refused with 400"},
        {"POST / HTTP/1.1\r\nHost: x\r\n"
         "Content-Length: 18446744073709551616\r\n\r\n", "413",
         "refused with 413"},
        {"POST / HTTP/2.0\r\nHost: x\r\n\r\n", "505", "refused with 505"},
        {"\x16\x03\x01\x02\x01\x01\r\n\r\n", "", "readable request head"},
        {"POST / HT", "", "readable request head"},
        {"", "", "closed without having sent a request"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        struct bytes answer = {0};
        int          fd;

        stage_init(&stage);
        stage_start(&stage);
        fd = peer_connect(&stage);
        peer_send(&stage, fd, cases[i].request);
        stage_turns(&stage, 3);
        shutdown(fd, SHUT_WR);
        peer_rest(&stage, fd, &answer);
        close(fd);
        await_remark(&stage, cases[i].remark);
        await_idle(&stage);
        assert_int_equal(stage.record->attempt_count, 0);
        assert_int_equal(stage.record->remark_count, 1);
        assert_int_equal(stage.record->remarks[0].connection, 1);
        if (cases[i].status[0] != '\0')
            assert_non_null(strstr(bytes_text(&answer), cases[i].status));
        bytes_clear(&answer);
        stage_clear(&stage);
    }
}

/* A megabyte of head costs what it may, and the next one is served. */
static void huge_heads_are_refused(void **state)
{
    static char  megabyte[1 << 20];
    struct stage stage;
    int          fd;

    (void)state;
    memset(megabyte, 'a', sizeof megabyte);
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, "GET / HTTP/1.1\r\nHost: x\r\nX: ");
    peer_send_n(&stage, fd, megabyte, sizeof megabyte);
    await_remark(&stage, "refused with 431");
    close(fd);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, "GET /");
    peer_send_n(&stage, fd, megabyte, sizeof megabyte);
    await_remark(&stage, "refused with 414");
    close(fd);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 200 ");
    close(fd);
    stage_clear(&stage);
}

/* ---- when descriptors run out ---- */

/* Lets the process have no more descriptors than it has. */
static struct rlimit take_descriptors(void)
{
    struct rlimit before, now;
    int           next = dup(0);

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    now = before;
    now.rlim_cur = (rlim_t)next;
    close(next);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
    return before;
}

static void accepting_waits_for_descriptors(void **state)
{
    struct stage  stage;
    struct rlimit before;
    int           fd, unused;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    unused = dup(fd);
    close(unused);
    before = take_descriptors();
    await_remark(&stage, "accept: Too many open files");
    for (int i = 0; i < 20; i++)
        stage_turn(&stage);
    assert_int_equal(stage.record->remark_count, 1);
    setrlimit(RLIMIT_NOFILE, &before);
    peer_ask(&stage, fd, peer_post("abc"), "HTTP/1.1 200 ");
    close(fd);
    stage_clear(&stage);
}

static void fault_without_a_descriptor_is_trouble(void **state)
{
    struct stage  stage;
    struct rlimit before;
    struct bytes  answer = {0};
    struct err    err;
    int           fd;

    (void)state;
    stage_init(&stage);
    stage_fault(stage_steps(&stage), FAULT_HANG);
    stage_start(&stage);
    fd = peer_connect(&stage);
    stage_turns(&stage, 3);
    before = take_descriptors();
    peer_send(&stage, fd, peer_post("abc"));
    peer_rest(&stage, fd, &answer);
    stage_attempts(&stage, 1);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(attempt_at(&stage, 1)->end, ANSWER_CUT);
    assert_true(server_trouble(stage.server, &err));
    assert_int_equal(err.code, ERR_MACHINE);
    close(fd);
    bytes_clear(&answer);
    stage_clear(&stage);
}

static void connections_are_bounded(void **state)
{
    enum { BOUND = 1024 };
    struct rlimit limit, before;
    struct stage  stage;
    static int    fd[BOUND + 1];
    struct bytes  answer = {0};

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    before = limit;
    limit.rlim_cur = 2 * BOUND + 256;
    if (limit.rlim_max < limit.rlim_cur ||
        setrlimit(RLIMIT_NOFILE, &limit) != 0)
        skip();
    stage_init(&stage);
    stage.config.connections_max = BOUND;
    stage_start(&stage);
    for (int i = 0; i <= BOUND; i++) {
        fd[i] = peer_connect(&stage);
        if (i % 32 == 0)
            stage_turns(&stage, 2);
    }
    await_remark(&stage, "1024 connections are open already");
    assert_int_not_equal(peer_rest(&stage, fd[BOUND], &answer), PEER_OPEN);
    peer_ask(&stage, fd[0], peer_post("abc"), "HTTP/1.1 200 ");
    peer_ask(&stage, fd[BOUND - 1], peer_post("abc"), "HTTP/1.1 200 ");
    for (int i = 0; i <= BOUND; i++)
        close(fd[i]);
    await_idle(&stage);
    stage_clear(&stage);
    bytes_clear(&answer);
    setrlimit(RLIMIT_NOFILE, &before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(close_sends_fin),
        cmocka_unit_test(reset_sends_rst),
        cmocka_unit_test(faults_come_on_kept_connections),
        cmocka_unit_test(hang_lasts_until_the_client_goes),
        cmocka_unit_test(hang_is_cut_when_the_server_stops),
        cmocka_unit_test(every_fault_is_in_the_record),
        cmocka_unit_test(connection_faults_are_remarks),
        cmocka_unit_test(port_opens_late),
        cmocka_unit_test(connections_have_steps_of_their_own),
        cmocka_unit_test(delays_are_kept),
        cmocka_unit_test(delayed_connection_is_kept_alive),
        cmocka_unit_test(delays_run_beside_each_other),
        cmocka_unit_test(hang_up_in_a_delay_is_seen_at_once),
        cmocka_unit_test(client_that_goes_within_its_body),
        cmocka_unit_test(stop_cuts_what_is_not_whole),
        cmocka_unit_test(slow_requests_are_ended),
        cmocka_unit_test(violations_are_written_down),
        cmocka_unit_test(refused_requests_leave_a_remark),
        cmocka_unit_test(huge_heads_are_refused),
        cmocka_unit_test(accepting_waits_for_descriptors),
        cmocka_unit_test(fault_without_a_descriptor_is_trouble),
        cmocka_unit_test(connections_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
