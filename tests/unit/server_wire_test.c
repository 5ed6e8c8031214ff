/* SPDX-License-Identifier: Apache-2.0 */
/* What a request may look like on the wire, beside what libmicrohttpd tells:
 * each thing that it hides or refuses is noted, with the bytes. */

#include "server_peer.h"

#include "common/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define LINE "POST /v1/batch HTTP/1.1\r\n"
#define HOST "Host: x\r\n"
#define SIZE "Content-Length: 2\r\n\r\n{}"

struct sent {
    const char         *bytes;
    size_t              length; /* a NUL may be among them */
    enum violation_kind kind;
    const char         *text;
};

#define SENT(bytes) (bytes), sizeof(bytes) - 1

static void await_idle(struct stage *stage)
{
    while (!server_idle(stage->server))
        stage_turn(stage);
}

/* Sends, takes what answer there is, and goes. */
static void send_and_go(struct stage *stage, const char *bytes, size_t length)
{
    struct bytes answer = {0};
    int          fd = peer_connect(stage);

    peer_send_n(stage, fd, bytes, length);
    peer_answer(stage, fd, &answer);
    bytes_clear(&answer);
    close(fd);
    await_idle(stage);
}

static void assert_first_noted(const struct attempt *at,
                               const struct sent    *sent)
{
    assert_int_equal(at->violations[0].kind, sent->kind);
    if (strstr(at->violations[0].text, sent->text) == NULL)
        fail_msg("%s: %s", sent->text, at->violations[0].text);
    assert_int_equal(at->raw_bytes, sent->length);
    assert_memory_equal(at->raw, sent->bytes, sent->length);
}

static void assert_noted(const struct attempt *at, const struct sent *sent)
{
    assert_int_equal(at->violation_count, 1);
    assert_first_noted(at, sent);
}

static void what_is_hidden_is_noted(void **state)
{
    static const struct sent cases[] = {
        {SENT("POST /v1/batch HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}"),
         VIOLATION_FIELD, "a line feed alone"},
        {SENT(LINE HOST "X-A: 1\nX-B: 2\r\n" SIZE), VIOLATION_FIELD,
         "a line feed alone"},
        {SENT(LINE HOST "X-A: 1\r\n 2\r\n" SIZE), VIOLATION_FIELD,
         "on the next line"},
        {SENT(LINE HOST "X-A: 1\r\n\t2\r\n" SIZE), VIOLATION_FIELD,
         "on the next line"},
        {SENT(LINE HOST "X-A: 1\0002\r\n" SIZE), VIOLATION_FIELD, "a NUL"},
        {SENT("POST  /v1/batch HTTP/1.1\r\n" HOST SIZE), VIOLATION_FRAME,
         "3 spaces in the request line"},
        {SENT("\r\n" LINE HOST SIZE), VIOLATION_AHEAD,
         "2 bytes of empty lines"},
        {SENT(LINE HOST SIZE "\r\n"), VIOLATION_AHEAD, "at least 2 bytes"},
        {SENT(LINE HOST SIZE "xy"), VIOLATION_AHEAD, "at least 2 bytes"},
        {SENT(LINE HOST "Content-Length: 1\r\n\r\n{}"), VIOLATION_AHEAD,
         "at least 1 bytes"},
    };
    struct stage stage;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        send_and_go(&stage, cases[i].bytes, cases[i].length);
        stage_attempts(&stage, i + 1);
        assert_noted(attempt_at(&stage, i + 1), &cases[i]);
    }
    assert_int_equal(stage.record->remark_count, 0);
    stage_clear(&stage);
}

/* Nothing is kept of what was right, however it came. */
static void what_is_right_is_not(void **state)
{
    static const char *const right[] = {
        LINE HOST SIZE,
        LINE HOST "X-A:\tb  c\r\nX-E:\r\n" SIZE,
        LINE HOST "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "GET /v1/projects/k/settings HTTP/1.1\r\n" HOST "\r\n",
    };
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        send_and_go(&stage, right[i], strlen(right[i]));
    fd = peer_connect(&stage);
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        peer_ask(&stage, fd, right[i], "HTTP/1.1 ");
    close(fd);
    await_idle(&stage);
    assert_int_equal(stage.record->attempt_count,
                     2 * sizeof right / sizeof right[0]);
    for (size_t i = 1; i <= stage.record->attempt_count; i++) {
        assert_int_equal(attempt_at(&stage, i)->violation_count, 0);
        assert_null(attempt_at(&stage, i)->raw);
    }
    assert_int_equal(stage.record->remark_count, 0);
    stage_clear(&stage);
}

/* A head of many pieces: of the first one what is wrong, no more. */
static void heads_in_pieces(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, LINE HOST "X-A: 1\n");
    stage_turns(&stage, 3);
    peer_ask(&stage, fd, "X-B: 2\r\n" SIZE, "HTTP/1.1 200 ");
    assert_int_equal(attempt_at(&stage, 1)->violation_count, 1);
    assert_int_equal(attempt_at(&stage, 1)->violations[0].kind,
                     VIOLATION_FIELD);
    peer_send(&stage, fd, "POST /v1/ba");
    stage_turns(&stage, 3);
    peer_ask(&stage, fd, "tch HTTP/1.1\n" HOST SIZE, "HTTP/1.1 200 ");
    assert_int_equal(attempt_at(&stage, 2)->violation_count, 0);
    close(fd);
    stage_clear(&stage);
}

/* What is left over behind a body too long for one look, or comes when the
 * answer has been read. */
static void what_is_left_over(void **state)
{
    static char           body[100000];
    const struct attempt *at;
    struct stage          stage;
    int                   fd;

    (void)state;
    memset(body, ' ', sizeof body - 1);
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, LINE HOST "Content-Length: 99998\r\n\r\n");
    peer_ask(&stage, fd, body, "HTTP/1.1 200 ");
    close(fd);
    await_idle(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, LINE HOST SIZE, "HTTP/1.1 200 ");
    peer_send(&stage, fd, "\r\n");
    stage_turns(&stage, 3);
    close(fd);
    await_idle(&stage);
    for (size_t i = 1; i <= 2; i++) {
        at = attempt_at(&stage, i);
        assert_int_equal(at->violation_count, 1);
        assert_int_equal(at->violations[0].kind, VIOLATION_AHEAD);
    }
    stage_clear(&stage);
}

/* Its end is not waited for: half a connection is enough to tell. */
static void bodies_that_are_cut_short(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, LINE HOST "Content-Length: 9\r\n\r\n{}");
    shutdown(fd, SHUT_WR);
    stage_attempts(&stage, 1);
    assert_int_equal(attempt_at(&stage, 1)->end, ANSWER_GONE);
    assert_int_equal(attempt_at(&stage, 1)->violations[0].kind, VIOLATION_BODY);
    assert_non_null(attempt_at(&stage, 1)->raw);
    close(fd);
    stage_clear(&stage);
}

/* What one libmicrohttpd refuses another reads. Either way it is noted, once,
 * with its bytes. */
static void what_is_read_by_some_is_noted(void **state)
{
    static const struct sent cases[] = {
        {SENT("POST /v1\0/batch HTTP/1.1\r\n" HOST SIZE), VIOLATION_FIELD,
         "a NUL"},
        {SENT(LINE HOST "X\0A: 1\r\n" SIZE), VIOLATION_FRAME,
         "is not the name of a header field"},
        {SENT(LINE HOST "garbage\r\n" SIZE), VIOLATION_FRAME, "no colon"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage         stage;
        const struct remark *remark;

        stage_init(&stage);
        stage_start(&stage);
        send_and_go(&stage, cases[i].bytes, cases[i].length);
        if (stage_attempt_or_remark(&stage, 1, 1)) {
            assert_first_noted(attempt_at(&stage, 1), &cases[i]);
        } else {
            remark = &stage.record->remarks[0];
            assert_int_equal(remark->raw_bytes, cases[i].length);
            assert_memory_equal(remark->raw, cases[i].bytes, cases[i].length);
        }
        stage_clear(&stage);
    }
}

static void refused_heads_keep_their_bytes(void **state)
{
    static const struct sent cases[] = {
        {SENT(LINE HOST "Content-Length: +2\r\n\r\n{}"), VIOLATION_FRAME,
         "refused with 400"},
        {SENT("POST /v1/batch HTTP/2.0\r\n" HOST SIZE), VIOLATION_VERSION,
         "refused with 505"},
        {SENT("\x16\x03\x01\x02"), VIOLATION_OTHER, "readable request head"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage         stage;
        const struct remark *remark;
        int                  fd;

        stage_init(&stage);
        stage_start(&stage);
        fd = peer_connect(&stage);
        peer_send_n(&stage, fd, cases[i].bytes, cases[i].length);
        stage_turns(&stage, 3);
        close(fd);
        await_idle(&stage);
        assert_int_equal(stage.record->remark_count, 1);
        remark = &stage.record->remarks[0];
        assert_non_null(strstr(remark->text, cases[i].text));
        assert_int_equal(remark->wrong, cases[i].kind);
        assert_int_equal(remark->raw_bytes, cases[i].length);
        assert_memory_equal(remark->raw, cases[i].bytes, cases[i].length);
        stage_clear(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_hidden_is_noted),
        cmocka_unit_test(what_is_right_is_not),
        cmocka_unit_test(heads_in_pieces),
        cmocka_unit_test(what_is_left_over),
        cmocka_unit_test(bodies_that_are_cut_short),
        cmocka_unit_test(what_is_read_by_some_is_noted),
        cmocka_unit_test(refused_heads_keep_their_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
