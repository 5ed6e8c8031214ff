/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of TLS, each seen from both ends: what came over the wire, and what
 * the record says of the client. */

#include "common/alloc.h"
#include "server_caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static const char request[] =
    "POST /v1/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Basic a\r\n"
    "Connection: close\r\nContent-Length: 3\r\n\r\nabc";

static void strike(struct stage *stage, enum fault fault, int64_t after)
{
    struct step *step;

    stage_init(stage);
    step = stage_connection_fault(stage, 1, fault);
    if (after > 0)
        step->how.values[PARAM_AFTER] = after;
    caller_stage_start(stage);
}

/* The connection stands in the record once, and this is said of it. */
static const struct remark *said(struct stage *stage, const char *text)
{
    const struct remark *remark = &stage->record->remarks[0];

    caller_await_idle(stage);
    assert_int_equal(stage->record->remark_count, 1);
    assert_int_equal(remark->connection, 1);
    if (strstr(remark->text, text) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", text, remark->text);
    assert_true(remark->until_ns >= remark->at_ns);
    return remark;
}

static const struct {
    enum fault fault;
    unsigned   status; /* what GnuTLS finds wrong */
} untrusted[] = {
    {FAULT_TLS_EXPIRED, GNUTLS_CERT_EXPIRED},
    {FAULT_TLS_NOT_YET_VALID, GNUTLS_CERT_NOT_ACTIVATED},
    {FAULT_TLS_WRONG_HOST, GNUTLS_CERT_UNEXPECTED_OWNER},
    {FAULT_TLS_SELF_SIGNED, GNUTLS_CERT_SIGNER_NOT_FOUND},
    {FAULT_TLS_UNKNOWN_CA, GNUTLS_CERT_SIGNER_NOT_FOUND},
};

enum { UNTRUSTED_COUNT = sizeof untrusted / sizeof untrusted[0] };

/* Each is refused for its own reason and no other; the next connection is as
 * ever. */
static void certificates_are_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNTRUSTED_COUNT; i++) {
        struct stage         stage;
        struct caller        caller;
        struct bytes         answer;
        const struct remark *remark;

        assert_true(fault_is_untrusted(untrusted[i].fault));
        strike(&stage, untrusted[i].fault, 0);
        caller_call(&caller, &stage);
        assert_int_equal(caller_shake_hands(&caller),
                         GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR);
        assert_int_equal(gnutls_session_get_verify_cert_status(caller.session),
                         GNUTLS_CERT_INVALID | untrusted[i].status);
        gnutls_alert_send(caller.session, GNUTLS_AL_FATAL,
                          GNUTLS_A_BAD_CERTIFICATE);
        remark = said(&stage, "with the alert \"Certificate is bad\"");
        assert_int_equal(remark->fault, untrusted[i].fault);
        assert_int_equal(remark->heard_bytes, NO_SESSION);
        caller_hang_up(&caller);
        caller_call(&caller, &stage);
        assert_int_equal(caller_shake_hands(&caller), 0);
        caller_say(&caller, request);
        assert_int_equal(caller_hear(&caller, &answer), 0);
        assert_int_equal(stage.record->attempt_count, 1);
        caller_hang_up(&caller);
        bytes_clear(&answer);
        stage_clear(&stage);
    }
}

/* Who does not look is served, and told on. */
static void taken_certificate_is_noted(void **state)
{
    struct stage         stage;
    struct caller        caller;
    struct bytes         answer;
    const struct remark *remark;

    (void)state;
    strike(&stage, FAULT_TLS_EXPIRED, 0);
    caller_call(&caller, &stage);
    gnutls_session_set_verify_function(caller.session, NULL);
    assert_int_equal(caller_shake_hands(&caller), 0);
    caller_say(&caller, request);
    assert_int_equal(caller_hear(&caller, &answer), 0);
    assert_non_null(strstr(bytes_text(&answer), "HTTP/1.1 200 "));
    caller_hang_up(&caller);
    remark = said(&stage, "the client took it, and said ");
    assert_int_equal(remark->heard_bytes, sizeof request - 1);
    assert_int_equal(attempt_at(&stage, 1)->connection, 1);
    bytes_clear(&answer);
    stage_clear(&stage);
}

/* Some clients look only when the handshake is over, and then say why they go
 * or do not. */
static void late_lookers_say_nothing(void **state)
{
    (void)state;
    for (int alerts = 0; alerts < 2; alerts++) {
        struct stage         stage;
        struct caller        caller;
        const struct remark *remark;

        strike(&stage, FAULT_TLS_SELF_SIGNED, 0);
        caller_call(&caller, &stage);
        gnutls_session_set_verify_function(caller.session, NULL);
        assert_int_equal(caller_shake_hands(&caller), 0);
        stage_turns(&stage, 10);
        if (alerts)
            gnutls_alert_send(caller.session, GNUTLS_AL_FATAL,
                              GNUTLS_A_UNKNOWN_CA);
        caller_hang_up(&caller);
        remark = said(&stage, alerts ? "said nothing in the session; the "
                                       "client sent the alert \"CA is unknown\""
                                     : "said nothing in the session");
        assert_int_equal(remark->heard_bytes, 0);
        stage_clear(&stage);
    }
}

/* Nothing newer than TLS 1.1: refused by who offers no less than 1.2, spoken
 * with who does. */
static void old_version_is_spoken(void **state)
{
    static const char old[] = "NORMAL:-VERS-ALL:+VERS-TLS1.1:+SIGN-ECDSA-SHA1:"
                              "%VERIFY_ALLOW_SIGN_WITH_SHA1";
    struct stage      stage;
    struct caller     caller;

    (void)state;
    strike(&stage, FAULT_TLS_OLD_VERSION, 0);
    caller_call(&caller, &stage);
    gnutls_priority_set_direct(
        caller.session, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", NULL);
    assert_int_equal(caller_shake_hands(&caller),
                     GNUTLS_E_UNSUPPORTED_VERSION_PACKET);
    gnutls_alert_send_appropriate(caller.session,
                                  GNUTLS_E_UNSUPPORTED_VERSION_PACKET);
    said(&stage, "with the alert \"Error in protocol version\"");
    caller_hang_up(&caller);
    stage_clear(&stage);

    strike(&stage, FAULT_TLS_OLD_VERSION, 0);
    caller_call(&caller, &stage);
    gnutls_priority_set_direct(caller.session, old, NULL);
    assert_int_equal(caller_shake_hands(&caller), 0);
    assert_int_equal(gnutls_protocol_get_version(caller.session),
                     GNUTLS_TLS1_1);
    caller_say(&caller, request);
    caller_hang_up(&caller);
    said(&stage, "the client took it, and said ");
    stage_clear(&stage);
}

/* ---- broken off ---- */

/* The client's hello as GnuTLS makes it, on a plain socket of its own. */
static void hello(struct caller *caller, struct stage *stage)
{
    caller_call(caller, stage);
    assert_int_equal(gnutls_handshake(caller->session), GNUTLS_E_AGAIN);
}

/* So many bytes of the server's, and then what the fault says. */
static void breaks_off_after(void **state)
{
    static const struct {
        enum fault    fault;
        enum peer_end end;
        const char   *met;
    } cases[] = {
        {FAULT_TLS_CLOSE, PEER_FIN, "the client went "},
        {FAULT_TLS_RESET, PEER_RST, "the client had said its hello"},
    };
    static const int64_t after[] = {0, 1, 7, 100};

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        struct stage  stage;
        struct caller caller;
        struct bytes  got = {0};

        strike(&stage, cases[i % 2].fault, after[i / 2]);
        hello(&caller, &stage);
        assert_int_equal(peer_rest(&stage, caller.fd, &got), cases[i % 2].end);
        assert_int_equal(got.length, after[i / 2]);
        caller_hang_up(&caller);
        said(&stage, cases[i % 2].met);
        assert_int_equal(stage.record->attempt_count, 0);
        bytes_clear(&got);
        stage_clear(&stage);
    }
}

/* More than there is to send: when the handshake is over. */
static void breaks_off_at_the_end(void **state)
{
    struct stage  stage;
    struct caller caller;
    struct bytes  answer;

    (void)state;
    strike(&stage, FAULT_TLS_CLOSE, 1 << 20);
    caller_call(&caller, &stage);
    assert_int_equal(caller_shake_hands(&caller), 0);
    caller_say(&caller, request);
    assert_int_equal(caller_hear(&caller, &answer),
                     GNUTLS_E_PREMATURE_TERMINATION);
    assert_int_equal(answer.length, 0);
    caller_hang_up(&caller);
    said(&stage, "the client went ");
    assert_int_equal(stage.record->attempt_count, 0);
    bytes_clear(&answer);
    stage_clear(&stage);
}

static void stalls(void **state)
{
    struct stage  stage;
    struct caller caller;
    char          bytes[64];

    (void)state;
    strike(&stage, FAULT_TLS_STALL, 7);
    hello(&caller, &stage);
    while (recv(caller.fd, bytes, sizeof bytes, MSG_DONTWAIT) != 7)
        assert_true(stage_turn(&stage));
    stage_turns(&stage, 50);
    assert_true(recv(caller.fd, bytes, sizeof bytes, MSG_DONTWAIT) < 0);
    assert_false(server_idle(stage.server));
    gnutls_alert_send(caller.session, GNUTLS_AL_FATAL, GNUTLS_A_USER_CANCELED);
    caller_hang_up(&caller);
    said(&stage, "the client sent the alert \"");
    stage_clear(&stage);
}

/* A server that stops leaves nothing open, and says so. */
static void stops_while_stalled(void **state)
{
    struct stage  stage;
    struct caller caller;

    (void)state;
    strike(&stage, FAULT_TLS_STALL, 0);
    hello(&caller, &stage);
    while (stage.record->remark_count == 0)
        assert_true(stage_turn(&stage));
    stage_turns(&stage, 10);
    stage_stop(&stage);
    assert_non_null(strstr(stage.record->remarks[0].text, "was stopped"));
    caller_hang_up(&caller);
    stage_clear(&stage);
}

/* ---- who speaks what ---- */

static void answers_tls_in_the_clear(void **state)
{
    struct stage  stage;
    struct caller caller;
    struct bytes  got = {0};

    (void)state;
    strike(&stage, FAULT_PLAIN_FOR_TLS, 0);
    hello(&caller, &stage);
    assert_int_equal(peer_rest(&stage, caller.fd, &got), PEER_FIN);
    assert_memory_equal(got.data, "HTTP/1.1 400 ", 13);
    peer_send(&stage, caller.fd, request);
    caller_hang_up(&caller);
    said(&stage, "the client went on in the clear");
    assert_int_equal(stage.record->attempt_count, 0);
    bytes_clear(&got);
    stage_clear(&stage);
}

/* Whoever begins in the clear, or with no protocol at all, meets no fault, and
 * is named once. */
static void strangers_are_named_once(void **state)
{
    struct stage stage;
    struct bytes got = {0};
    int          fd;

    (void)state;
    strike(&stage, FAULT_TLS_EXPIRED, 0);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, request);
    assert_int_equal(peer_rest(&stage, fd, &got), PEER_FIN);
    assert_memory_equal(got.data, "HTTP/1.1 400 ", 13);
    close(fd);
    assert_int_equal(said(&stage, "the client asked in the clear")->heard_bytes,
                     NO_SESSION);
    assert_int_equal(attempt_at(&stage, 1)->violation_count, 1);
    bytes_clear(&got);
    stage_clear(&stage);

    strike(&stage, FAULT_TLS_CLOSE, 0);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, "\x01\x02\x03\x04\x05\x06\x07\x08");
    peer_rest(&stage, fd, &got);
    close(fd);
    said(&stage, "fault tls-close: ");
    bytes_clear(&got);
    stage_clear(&stage);

    strike(&stage, FAULT_TLS_STALL, 0);
    close(peer_connect(&stage));
    while (stage.record->remark_count == 0)
        assert_true(stage_turn(&stage));
    said(&stage, "the client went before the TLS handshake was over");
    stage_clear(&stage);
}

static void answers_the_clear_by_tls(void **state)
{
    struct stage stage;
    struct bytes got = {0};
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_connection_fault(&stage, 1, FAULT_TLS_FOR_PLAIN);
    stage_start(&stage);
    fd = peer_connect(&stage);
    stage_turns(&stage, 10);
    assert_int_equal(peer_now(fd, &got), PEER_OPEN);
    peer_send(&stage, fd, request);
    assert_int_equal(peer_rest(&stage, fd, &got), PEER_FIN);
    assert_int_equal(got.length, 7);
    assert_memory_equal(got.data, "\x15\x03\x03\0\x02\x02\x0a", 7);
    close(fd);
    caller_await_idle(&stage);
    assert_int_equal(stage.record->attempt_count, 0);
    bytes_clear(&got);
    stage_clear(&stage);
}

/* ---- the end of it ---- */

static void ends_without_notice(void **state)
{
    static const struct {
        enum fault      fault;
        enum answer_end end;
        const char     *last;
        bool            has_length;
    } cases[] = {
        {FAULT_TLS_CUT_BODY, ANSWER_CUT, "{\"success\"", true},
        {FAULT_TLS_CUT_END, ANSWER_CUT, "{\"success\":true}", false},
        {FAULT_TLS_NO_NOTIFY, ANSWER_COMPLETE, "{\"success\":true}", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage  stage;
        struct caller caller;
        struct bytes  answer;
        const char   *text;

        stage_init(&stage);
        stage_fault(stage_steps(&stage), cases[i].fault);
        caller_stage_start(&stage);
        caller_call(&caller, &stage);
        assert_int_equal(caller_shake_hands(&caller), 0);
        caller_say(&caller, request);
        assert_int_equal(caller_hear(&caller, &answer),
                         GNUTLS_E_PREMATURE_TERMINATION);
        text = bytes_text(&answer);
        assert_string_equal(text + strlen(text) - strlen(cases[i].last),
                            cases[i].last);
        assert_int_equal(strstr(text, "Content-Length") != NULL,
                         cases[i].has_length);
        caller_hang_up(&caller);
        stage_attempts(&stage, 1);
        assert_int_equal(attempt_at(&stage, 1)->fault, cases[i].fault);
        assert_int_equal(attempt_at(&stage, 1)->end, cases[i].end);
        assert_int_equal(attempt_at(&stage, 1)->status, 200);
        bytes_clear(&answer);
        stage_clear(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_wrong),
        cmocka_unit_test(taken_certificate_is_noted),
        cmocka_unit_test(late_lookers_say_nothing),
        cmocka_unit_test(old_version_is_spoken),
        cmocka_unit_test(breaks_off_after),
        cmocka_unit_test(breaks_off_at_the_end),
        cmocka_unit_test(stalls),
        cmocka_unit_test(stops_while_stalled),
        cmocka_unit_test(answers_tls_in_the_clear),
        cmocka_unit_test(strangers_are_named_once),
        cmocka_unit_test(answers_the_clear_by_tls),
        cmocka_unit_test(ends_without_notice),
    };

    return cmocka_run_group_tests(tests, caller_make_authority,
                                  caller_drop_authority);
}
