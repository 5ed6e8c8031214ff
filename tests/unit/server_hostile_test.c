/* SPDX-License-Identifier: Apache-2.0 */
/* Clients that mean no good: each of the server's bounds holds, what broke it
 * is named, and the next client is served. */

#include "server_peer.h"

#include "common/alloc.h"
#include "server/bounds.h"
#include "tests/unit/fake_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- clients that do not read ---- */

/* More than the kernel holds for a peer that reads nothing. */
static void add_big_answer(struct stage *stage, bool raw)
{
    const size_t size = 12 << 20;
    struct step *step = stage_answer(stage_steps(stage), 200);

    step->answer.body = alloc_zero(size + 1, 1);
    step->answer.body_bytes = size;
    if (raw)
        header_add(&step->answer.headers, "X-Raw", "");
}

static void assert_ended(const struct stage *stage, const char *remark)
{
    const struct attempt *attempt = attempt_at(stage, 1);

    assert_int_equal(attempt->end, ANSWER_CUT);
    assert_int_equal(attempt->violation_count, 1);
    assert_int_equal(stage->record->remark_count, 1);
    assert_int_equal(stage->record->remarks[0].connection, 1);
    assert_string_equal(stage->record->remarks[0].text, remark);
}

static void leave_an_answer(bool raw, const char *remark)
{
    struct stage      stage;
    struct clock_fake fake;
    int               greedy, modest;

    stage_init(&stage);
    clock_fake_init(&fake, NS_PER_S, NS_PER_S);
    stage.config.clock = &fake.clock;
    add_big_answer(&stage, raw);
    stage_start(&stage);
    greedy = peer_connect(&stage);
    peer_send(&stage, greedy, peer_post("{}"));
    stage_turns(&stage, 100);
    clock_fake_advance(&fake, SERVER_ANSWER_LIMIT_NS - 1);
    stage_turns(&stage, 10);
    assert_int_equal(attempt_at(&stage, 1)->end, ANSWER_NONE);
    assert_int_equal(stage.record->remark_count, 0);
    clock_fake_advance(&fake, 1);
    stage_turns(&stage, 10);
    assert_ended(&stage, remark);
    modest = peer_connect(&stage);
    peer_ask(&stage, modest, peer_post("{}"), "HTTP/1.1 200 ");
    close(greedy);
    close(modest);
    stage_clear(&stage);
}

static void answer_must_be_taken(void **state)
{
    (void)state;
    leave_an_answer(false, "ended: an answer was not taken within 60 s");
    leave_an_answer(true,
                    "ended: nothing more of an answer was taken for 60 s");
}

/* Whoever takes some of it has as long again for the rest. */
static void raw_answer_may_be_taken_slowly(void **state)
{
    struct stage      stage;
    struct clock_fake fake;
    struct bytes      answer = {0};
    int               fd;

    (void)state;
    stage_init(&stage);
    clock_fake_init(&fake, NS_PER_S, NS_PER_S);
    stage.config.clock = &fake.clock;
    add_big_answer(&stage, true);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, peer_post("{}"));
    stage_turns(&stage, 100);
    bytes_init(&answer, 16 << 20);
    while (answer.length < (size_t)12 << 20 &&
           attempt_at(&stage, 1)->end == ANSWER_NONE) {
        clock_fake_advance(&fake, SERVER_ANSWER_LIMIT_NS - NS_PER_S);
        peer_now(fd, &answer);
        stage_turns(&stage, 10);
    }
    stage_attempts(&stage, 1);
    assert_int_equal(attempt_at(&stage, 1)->end, ANSWER_COMPLETE);
    assert_int_equal(stage.record->remark_count, 0);
    bytes_clear(&answer);
    close(fd);
    stage_clear(&stage);
}

/* ---- clients that do not send ---- */

/* The server has taken the connection over before the body was here. */
static void body_is_awaited_in_time_by_a_fault_too(void **state)
{
    struct stage      stage;
    struct clock_fake fake;
    int               fd;

    (void)state;
    stage_init(&stage);
    clock_fake_init(&fake, NS_PER_S, NS_PER_S);
    stage.config.clock = &fake.clock;
    stage_fault(stage_steps(&stage), FAULT_CONTINUE_WITHHELD);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd,
              "POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n"
              "Expect: 100-continue\r\n\r\n");
    stage_turns(&stage, 10);
    peer_send(&stage, fd, "abc");
    clock_fake_advance(&fake, SERVER_REQUEST_LIMIT_NS);
    stage_turns(&stage, 10);
    assert_ended(&stage, "ended: a request was not whole after another 30 s");
    close(fd);
    stage_clear(&stage);
}

/* Its first bytes came while nobody expected any: they are asked for again. */
static void request_begun_during_an_answer_must_be_whole(void **state)
{
    struct stage      stage;
    struct clock_fake fake;
    struct bytes      answer;
    int               fd;

    (void)state;
    stage_init(&stage);
    clock_fake_init(&fake, NS_PER_S, NS_PER_S);
    stage.config.clock = &fake.clock;
    add_big_answer(&stage, false);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, peer_post("{}"));
    stage_turns(&stage, 100);
    peer_send(&stage, fd, "POST /v1/ba");
    stage_turns(&stage, 10);
    bytes_init(&answer, 16 << 20);
    assert_int_equal(peer_answer(&stage, fd, &answer), PEER_OPEN);
    stage_turns(&stage, 10);
    clock_fake_advance(&fake, SERVER_REQUEST_LIMIT_NS - 1);
    stage_turns(&stage, 10);
    assert_int_equal(stage.record->remark_count, 0);
    clock_fake_advance(&fake, 1);
    stage_turns(&stage, 10);
    assert_int_equal(stage.record->remark_count, 1);
    assert_string_equal(stage.record->remarks[0].text,
                        "ended: a request was not whole 30 s after its first "
                        "byte");
    bytes_clear(&answer);
    close(fd);
    stage_clear(&stage);
}

/* ---- clients with large heads ---- */

/* What makes a head large: one unit, again and again, between two texts. */
struct filling {
    bool        in_query; /* else among the fields */
    const char *before;
    const char *unit;
    const char *after;
    size_t      most_bytes;
};

/* A query of more arguments than it has room for is never answered by
 * libmicrohttpd 0.9.75, nor refused: the request's limit ends it. */
static const struct filling fillings[] = {
    {false, "X-Padding: ", "a", "\r\n", SERVER_HEAD_BYTES_MAX + 500},
    {false, "", "X: a\r\n", "", SERVER_HEAD_BYTES_MAX + 500},
    {false, "Cookie: x=y", "; a=b", "\r\n", SERVER_HEAD_BYTES_MAX + 500},
    {true, "?", "a&", "", 400},
};

/* A request of some more bytes than that. Owned. */
static char *large_request(const struct filling *filling, size_t bytes)
{
    struct bytes text;
    char        *request;

    bytes_init(&text, 2 * SERVER_HEAD_BYTES_MAX);
    bytes_add(&text, filling->before);
    while (text.length < bytes)
        bytes_add(&text, filling->unit);
    bytes_add(&text, filling->after);
    request = alloc_format("POST /v1/batch%s HTTP/1.1\r\nHost: x\r\n%s"
                           "Content-Length: 2\r\n\r\n{}",
                           filling->in_query ? bytes_text(&text) : "",
                           filling->in_query ? "" : bytes_text(&text));
    bytes_clear(&text);
    return request;
}

/* It is answered, whatever it leaves for the answer, or refused: then there is
 * no attempt of it, and not always room to say so. */
static void ask_largely(struct stage *stage, const struct filling *filling,
                        size_t bytes)
{
    const size_t attempts = stage->record->attempt_count;
    char        *request = large_request(filling, bytes);
    struct bytes answer;
    int          fd = peer_connect(stage);

    peer_send(stage, fd, request);
    bytes_init(&answer, 64 * 1024);
    (void)peer_answer(stage, fd, &answer);
    if (strstr(bytes_text(&answer), "\r\n\r\nwhole") == NULL &&
        stage->record->attempt_count != attempts)
        fail_msg("%zu bytes of \"%s\" had the answer \"%.100s\"", bytes,
                 filling->unit, bytes_text(&answer));
    bytes_clear(&answer);
    alloc_free(request);
    close(fd);
}

static void add_answer_with_fields(struct stage *stage, size_t bytes)
{
    struct step *step = stage_answer(stage_steps(stage), 200);
    char        *value = alloc_zero(bytes + 1, 1);

    step->times = 0;
    step->answer.body = alloc_text("whole");
    step->answer.body_bytes = strlen("whole");
    memset(value, 'b', bytes);
    header_add(&step->answer.headers, "X-Long", value);
    alloc_free(value);
}

static void large_head_has_an_answer(void **state)
{
    static const size_t fields_bytes[] = {1, 1000, 4000, 7900};
    struct err          err;

    (void)state;
    for (size_t i = 0; i < sizeof fields_bytes / sizeof fields_bytes[0]; i++) {
        struct stage stage;

        stage_init(&stage);
        add_answer_with_fields(&stage, fields_bytes[i]);
        stage_start(&stage);
        for (size_t j = 0; j < sizeof fillings / sizeof fillings[0]; j++)
            for (size_t bytes = 20; bytes < fillings[j].most_bytes; bytes += 97)
                ask_largely(&stage, &fillings[j], bytes);
        assert_false(server_trouble(stage.server, &err));
        assert_true(stage.record->attempt_count > 100);
        assert_true(stage.record->remark_count > 0);
        stage_clear(&stage);
    }
}

/* ---- clients that send without end ---- */

static void full_record_takes_no_more(void **state)
{
    struct stage stage;
    struct bytes answer = {0};
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("{}"), "HTTP/1.1 200 ");
    /* As if by a long row of requests. */
    stage.record->kept_bytes =
        RECORD_KEPT_BYTES_MAX - RECORD_ATTEMPT_BYTES - 200;
    peer_send(&stage, fd,
              "POST /v1/batch HTTP/1.1\r\nHost: x\r\n"
              "Content-Length: 400\r\n\r\n");
    for (int i = 0; i < 4; i++)
        peer_send(&stage, fd,
                  "0123456789012345678901234567890123456789"
                  "0123456789012345678901234567890123456789"
                  "01234567890123456789");
    assert_int_not_equal(peer_rest(&stage, fd, &answer), PEER_OPEN);
    assert_int_equal(answer.length, 0);
    close(fd);
    stage_attempts(&stage, 2);
    assert_int_equal(attempt_at(&stage, 2)->end, ANSWER_CUT);
    assert_true(attempt_at(&stage, 2)->body_kept_bytes <= 200);
    fd = peer_connect(&stage);
    stage.record->kept_bytes = RECORD_KEPT_BYTES_MAX;
    peer_send(&stage, fd, peer_post("{}"));
    assert_int_not_equal(peer_rest(&stage, fd, &answer), PEER_OPEN);
    assert_true(stage.record->overflow);
    assert_int_equal(stage.record->attempt_count, 2);
    assert_non_null(strstr(stage.record->remarks[0].text,
                           "the record is full: 268435456 bytes"));
    close(fd);
    bytes_clear(&answer);
    stage_clear(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answer_must_be_taken),
        cmocka_unit_test(raw_answer_may_be_taken_slowly),
        cmocka_unit_test(body_is_awaited_in_time_by_a_fault_too),
        cmocka_unit_test(request_begun_during_an_answer_must_be_whole),
        cmocka_unit_test(large_head_has_an_answer),
        cmocka_unit_test(full_record_takes_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
