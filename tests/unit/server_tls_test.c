/* SPDX-License-Identifier: Apache-2.0 */
/* Over TLS, seen from both ends: a GnuTLS client of this test's own beside the
 * server, in one thread. */

#include "common/alloc.h"
#include "server/keys/authority.h"
#include "server/keys/java_store.h"
#include "server_caller.h"

#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char request_and_close[] =
    "POST /v1/batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    "Content-Length: 3\r\n\r\nabc";

/* ---- tests ---- */

static void answers_over_tls(void **state)
{
    struct stage  stage;
    struct caller caller;
    struct bytes  answer;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 503);
    caller_stage_start(&stage);
    caller_call(&caller, &stage);
    assert_int_equal(caller_shake_hands(&caller), 0);
    caller_say(&caller, request_and_close);
    assert_int_equal(caller_hear(&caller, &answer), 0); /* by close_notify */
    assert_non_null(strstr(bytes_text(&answer), "HTTP/1.1 503 "));
    stage_attempts(&stage, 1);
    assert_string_equal(attempt_at(&stage, 1)->body, "abc");
    assert_int_equal(attempt_at(&stage, 1)->violation_count, 0);
    assert_int_equal(attempt_at(&stage, 1)->end, ANSWER_COMPLETE);
    assert_int_equal(attempt_at(&stage, 1)->connection, 1);
    caller_hang_up(&caller);
    caller_await_idle(&stage);
    assert_int_equal(stage.record->remark_count, 0);
    bytes_clear(&answer);
    stage_clear(&stage);
}

/* More than all buffers on the way hold, both ways. */
static void carries_much(void **state)
{
    enum { MUCH_BYTES = 4 << 20 };
    struct stage  stage;
    struct caller caller;
    struct bytes  answer;
    struct step  *step;
    size_t        sent = 0;
    char         *much = alloc_zero(MUCH_BYTES + 1, 1);
    char          head[128];

    (void)state;
    memset(much, 'm', MUCH_BYTES);
    stage_init(&stage);
    step = stage_answer(stage_steps(&stage), 200);
    step->answer.body = alloc_text(much);
    step->answer.body_bytes = MUCH_BYTES;
    caller_stage_start(&stage);
    caller_call(&caller, &stage);
    assert_int_equal(caller_shake_hands(&caller), 0);
    snprintf(head, sizeof head,
             "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
             "Content-Length: %d\r\n\r\n",
             MUCH_BYTES);
    caller_say(&caller, head);
    while (sent < MUCH_BYTES) {
        ssize_t now =
            gnutls_record_send(caller.session, much + sent, MUCH_BYTES - sent);

        assert_true(now > 0 || caller_is_waiting(&caller, now));
        sent += now > 0 ? (size_t)now : 0;
    }
    assert_int_equal(caller_hear(&caller, &answer), 0);
    assert_true(answer.length > MUCH_BYTES);
    assert_memory_equal(answer.data + answer.length - MUCH_BYTES, much,
                        MUCH_BYTES);
    assert_int_equal(attempt_at(&stage, 1)->body_bytes, MUCH_BYTES);
    caller_hang_up(&caller);
    caller_await_idle(&stage);
    bytes_clear(&answer);
    alloc_free(much);
    stage_clear(&stage);
}

/* What strikes the plain end strikes the client. */
static void faults_come_through(void **state)
{
    struct stage  stage;
    struct caller caller;
    struct bytes  answer;
    char          byte;

    (void)state;
    stage_init(&stage);
    stage_fault(stage_steps(&stage), FAULT_CLOSE);
    stage_fault(stage_steps(&stage), FAULT_RESET);
    caller_stage_start(&stage);
    caller_call(&caller, &stage);
    assert_int_equal(caller_shake_hands(&caller), 0);
    caller_say(&caller, request_and_close);
    assert_int_equal(caller_hear(&caller, &answer), 0);
    assert_int_equal(answer.length, 0);
    assert_int_equal(recv(caller.fd, &byte, 1, MSG_DONTWAIT), 0); /* FIN */
    bytes_clear(&answer);
    caller_hang_up(&caller);
    caller_call(&caller, &stage);
    assert_int_equal(caller_shake_hands(&caller), 0);
    caller_say(&caller, request_and_close);
    assert_int_equal(caller_hear(&caller, &answer),
                     GNUTLS_E_PULL_ERROR); /* RST */
    assert_int_equal(answer.length, 0);
    bytes_clear(&answer);
    caller_hang_up(&caller);
    caller_await_idle(&stage);
    assert_int_equal(attempt_at(&stage, 2)->fault, FAULT_RESET);
    stage_clear(&stage);
}

/* A client that hangs up while its answer is held is seen when it does. */
static void sees_who_hangs_up(void **state)
{
    struct stage  stage;
    struct caller caller;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 200)->delay_ns = 3600 * NS_PER_S;
    caller_stage_start(&stage);
    caller_call(&caller, &stage);
    assert_int_equal(caller_shake_hands(&caller), 0);
    caller_say(&caller, request_and_close);
    while (stage.record->attempt_count == 0 ||
           attempt_at(&stage, 1)->body_ns == TIME_NEVER)
        assert_true(stage_turn(&stage));
    caller_hang_up(&caller);
    caller_await_idle(&stage);
    assert_int_equal(attempt_at(&stage, 1)->end, ANSWER_GONE);
    assert_true(attempt_at(&stage, 1)->gone_ns != TIME_NEVER);
    stage_clear(&stage);
}

static bool has_remark(const struct stage *stage, const char *text)
{
    for (size_t i = 0; i < stage->record->remark_count; i++)
        if (strstr(stage->record->remarks[i].text, text) != NULL)
            return true;
    return false;
}

/* What asks in the clear is written down, and refused. */
static void refuses_http_in_clear(void **state)
{
    struct stage stage;
    struct bytes answer = {0};
    int          fd;

    (void)state;
    stage_init(&stage);
    caller_stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, request_and_close);
    assert_int_equal(peer_rest(&stage, fd, &answer), PEER_FIN);
    assert_non_null(strstr(bytes_text(&answer), "HTTP/1.1 400 "));
    stage_attempts(&stage, 1);
    assert_int_equal(attempt_at(&stage, 1)->violation_count, 1);
    assert_non_null(
        strstr(attempt_at(&stage, 1)->violations[0].text, "in the clear"));
    close(fd);
    bytes_clear(&answer);
    stage_clear(&stage);
}

/* A client that trusts somebody else, one that speaks no protocol at all, and
 * one that says nothing and goes: each is named, none is an attempt. */
static void names_failed_handshakes(void **state)
{
    struct stage      stage;
    struct caller     caller;
    struct bytes      answer = {0};
    struct authority *other = NULL;
    struct err        err;
    int               fd;

    (void)state;
    assert_true(authority_new(&other, &err));
    stage_init(&stage);
    caller_stage_start(&stage);
    stage_stop(&stage);
    stage.config.keys.authority = other;
    stage_start(&stage);
    caller_call(&caller, &stage);
    assert_int_equal(caller_shake_hands(&caller),
                     GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR);
    gnutls_alert_send_appropriate(caller.session,
                                  GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR);
    caller_await_idle(&stage);
    assert_true(has_remark(&stage, "the client ended the TLS handshake"));
    caller_hang_up(&caller);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, "\x01\x02\x03\x04\x05\x06\x07\x08");
    assert_int_equal(peer_rest(&stage, fd, &answer), PEER_FIN);
    assert_int_equal(answer.data[0], 0x15); /* an alert */
    assert_true(has_remark(&stage, "no TLS session could be made"));
    close(fd);
    close(peer_connect(&stage));
    while (!has_remark(&stage, "the client went before"))
        assert_true(stage_turn(&stage));
    caller_await_idle(&stage);
    assert_int_equal(stage.record->attempt_count, 0);
    bytes_clear(&answer);
    stage_clear(&stage);
    authority_free(other);
}

/* A server that stops lets nobody wait, in whatever state. */
static void stops_at_any_time(void **state)
{
    struct stage  stage;
    struct caller half;
    struct caller whole;
    struct bytes  answer;

    (void)state;
    stage_init(&stage);
    stage_fault(stage_steps(&stage), FAULT_HANG);
    caller_stage_start(&stage);
    caller_call(&half, &stage);
    assert_int_equal(gnutls_handshake(half.session), GNUTLS_E_AGAIN);
    caller_call(&whole, &stage);
    assert_int_equal(caller_shake_hands(&whole), 0);
    caller_say(&whole, request_and_close);
    while (stage.record->attempt_count == 0)
        assert_true(stage_turn(&stage));
    stage_stop(&stage);
    assert_true(caller_hear(&whole, &answer) <= 0);
    caller_hang_up(&half);
    caller_hang_up(&whole);
    bytes_clear(&answer);
    stage_clear(&stage);
}

static bool becomes_quiet(struct stage *stage)
{
    for (int i = 0; i < 1000; i++) {
        if (server_quiet(stage->server))
            return true;
        stage_turns(stage, 1);
    }
    return false;
}

/* A clock may jump while a request over TLS is held, and not while anything of
 * it is on its way: a byte of a handshake, a record, the end. */
static void is_quiet_between_the_bytes(void **state)
{
    struct stage  stage;
    struct caller caller;
    struct err    err;
    int64_t       now_ns;
    const int     one = 1;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 503)->delay_ns = NS_PER_S * 3600;
    caller_stage_start(&stage);
    assert_true(server_watch_wire(stage.server, &err));
    server_begun(stage.server, 1, false);
    caller_call(&caller, &stage);
    /* Else the kernel holds the end of the handshake back for a while. */
    setsockopt(caller.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    assert_false(server_quiet(stage.server));
    assert_true(becomes_quiet(&stage));
    assert_int_equal(gnutls_handshake(caller.session), GNUTLS_E_AGAIN);
    assert_false(server_quiet(stage.server));
    assert_int_equal(caller_shake_hands(&caller), 0);
    assert_true(becomes_quiet(&stage));
    caller_say(&caller, request_and_close);
    assert_false(server_quiet(stage.server));
    assert_true(becomes_quiet(&stage));
    assert_int_equal(stage.record->attempt_count, 1);
    now_ns = clock_now_ns(stage.config.clock);
    assert_true(server_next_ns(stage.server) > now_ns + 3500 * NS_PER_S);
    caller_hang_up(&caller);
    assert_false(server_quiet(stage.server));
    caller_await_idle(&stage);
    assert_true(becomes_quiet(&stage));
    stage_stop(&stage);
    stage_clear(&stage);
}

/* What clients are told to trust can be read by this user alone, and the key
 * store begins and ends as Java's do. */
static void writes_its_files(void **state)
{
    struct stat  info;
    struct bytes store;
    struct err   err;

    (void)state;
    assert_null(authority_ca_file(caller_authority));
    assert_true(authority_publish(caller_authority, &err));
    assert_int_equal(stat(authority_ca_file(caller_authority), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(authority_java_store(caller_authority), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    bytes_init(&store, JAVA_STORE_BYTES_MAX);
    java_store_make("DER", 3, 1000, &store);
    assert_memory_equal(store.data,
                        "\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x02", 16);
    assert_int_equal(store.length, 16 + 9 + 8 + 7 + 4 + 3 + 20);
    bytes_clear(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_over_tls),
        cmocka_unit_test(carries_much),
        cmocka_unit_test(faults_come_through),
        cmocka_unit_test(sees_who_hangs_up),
        cmocka_unit_test(refuses_http_in_clear),
        cmocka_unit_test(names_failed_handshakes),
        cmocka_unit_test(stops_at_any_time),
        cmocka_unit_test(is_quiet_between_the_bytes),
        cmocka_unit_test(writes_its_files),
    };

    return cmocka_run_group_tests(tests, caller_make_authority,
                                  caller_drop_authority);
}
