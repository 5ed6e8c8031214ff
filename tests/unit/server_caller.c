/* SPDX-License-Identifier: Apache-2.0 */
#include "server_caller.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct authority *caller_authority;

int caller_make_authority(void **state)
{
    struct err err;

    (void)state;
    return authority_new(&caller_authority, &err) ? 0 : -1;
}

int caller_drop_authority(void **state)
{
    (void)state;
    authority_free(caller_authority);
    return 0;
}

void caller_stage_start(struct stage *stage)
{
    stage->plan->given.https = true;
    stage->config.keys.authority = caller_authority;
    stage_start(stage);
}

void caller_await_idle(struct stage *stage)
{
    while (!server_idle(stage->server))
        if (!stage_turn(stage))
            fail_msg("a connection stays open");
}

void caller_call(struct caller *caller, struct stage *stage)
{
    *caller = (struct caller){.stage = stage, .fd = peer_connect(stage)};
    fcntl(caller->fd, F_SETFL, O_NONBLOCK);
    assert_int_equal(gnutls_certificate_allocate_credentials(&caller->trusted),
                     0);
    assert_int_equal(gnutls_certificate_set_x509_trust_mem(
                         caller->trusted, authority_ca(caller_authority),
                         GNUTLS_X509_FMT_PEM),
                     1);
    assert_int_equal(gnutls_init(&caller->session, GNUTLS_CLIENT |
                                                       GNUTLS_NONBLOCK |
                                                       GNUTLS_NO_SIGNAL),
                     0);
    assert_int_equal(gnutls_set_default_priority(caller->session), 0);
    gnutls_credentials_set(caller->session, GNUTLS_CRD_CERTIFICATE,
                           caller->trusted);
    gnutls_session_set_verify_cert(caller->session, "localhost", 0);
    gnutls_transport_set_int(caller->session, caller->fd);
}

void caller_hang_up(struct caller *caller)
{
    gnutls_deinit(caller->session);
    gnutls_certificate_free_credentials(caller->trusted);
    close(caller->fd);
}

bool caller_is_waiting(const struct caller *caller, ssize_t code)
{
    if (code != GNUTLS_E_AGAIN && code != GNUTLS_E_INTERRUPTED)
        return false;
    server_turn(caller->stage->server);
    return true;
}

int caller_shake_hands(struct caller *caller)
{
    int code;

    do
        code = gnutls_handshake(caller->session);
    while (caller_is_waiting(caller, code) ||
           code == GNUTLS_E_WARNING_ALERT_RECEIVED);
    return code;
}

void caller_say(struct caller *caller, const char *text)
{
    ssize_t sent;

    do
        sent = gnutls_record_send(caller->session, text, strlen(text));
    while (caller_is_waiting(caller, sent));
    assert_int_equal(sent, strlen(text));
}

ssize_t caller_hear(struct caller *caller, struct bytes *answer)
{
    char    chunk[4096];
    ssize_t got;

    bytes_init(answer, 32 << 20);
    do {
        got = gnutls_record_recv(caller->session, chunk, sizeof chunk);
        if (got > 0)
            bytes_append(answer, chunk, (size_t)got);
    } while (got > 0 || caller_is_waiting(caller, got));
    return got;
}
