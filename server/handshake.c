/* SPDX-License-Identifier: Apache-2.0 */
#include "server/handshake.h"

#include "common/alloc.h"
#include "common/io.h"
#include "common/text.h"
#include "server/bounds.h"
#include "server/drain.h"
#include "server/fault.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum {
    HANDSHAKE_ROUNDS_MAX = 64, /* the rest waits for its turn */
    HANDSHAKE_DRAINED_BYTES_MAX = 1 << 16,
    ALERT_RECORD_BYTES = 7,
    ALERT_RECORD_TYPE = 21,
};

/* What a server of today offers; and one that was forgotten. */
static const char priority_now[] = "NORMAL";
static const char priority_old[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0:+SIGN-RSA-SHA1:"
    "+SIGN-ECDSA-SHA1:%VERIFY_ALLOW_SIGN_WITH_SHA1";

static const struct spoil *spoil_of(const struct handshake *handshake)
{
    static const struct spoil none = {.certificate = CERTIFICATE_RIGHT};
    const struct step        *step = handshake->spoiled;

    return step != NULL ? fault_entry(step->fault)->spoil : &none;
}

/* ---- the record ---- */

/* Of a strike the first that is known is kept for its own line: a connection
 * stands in the record once. */
static void PRINTF_LIKE(2, 3)
    say(struct handshake *handshake, const char *format, ...)
{
    char    text[ERR_TEXT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (handshake->spoiled == NULL)
        record_remark(handshake->core->record, core_now_ns(handshake->core),
                      handshake->number, "%s", text);
    else if (handshake->met == NULL)
        handshake->met = alloc_text(text);
}

void handshake_note_alert(struct handshake *handshake)
{
    if (handshake->spoiled != NULL)
        say(handshake, "the client sent the alert \"%s\"",
            gnutls_alert_get_name(gnutls_alert_get(handshake->session)));
}

/* A client may look at the certificate only when the handshake is over. */
static void write_session(const struct handshake *handshake)
{
    const char *met = handshake->met;

    if (handshake->heard_bytes > 0)
        record_strike_met(handshake->core->record, core_now_ns(handshake->core),
                          handshake->number, handshake->heard_bytes,
                          "the client took it, and said %lld bytes in the "
                          "session",
                          (long long)handshake->heard_bytes);
    else
        record_strike_met(handshake->core->record, core_now_ns(handshake->core),
                          handshake->number, 0,
                          "the client took the handshake to its end, and "
                          "said nothing in the session%s%s",
                          met ? "; " : "", met ? met : "");
}

void handshake_clear(struct handshake *handshake)
{

    loop_cancel_timer(&handshake->core->loop, &handshake->limit);
    gnutls_deinit(handshake->session);
    handshake->session = NULL;
    if (handshake->spoiled == NULL)
        return;
    if (handshake->stands)
        write_session(handshake);
    else
        record_strike_met(handshake->core->record, core_now_ns(handshake->core),
                          handshake->number, NO_SESSION, "%s",
                          handshake->met ? handshake->met
                                         : "the server was stopped");
    alloc_free(handshake->met);
    handshake->met = NULL;
}

/* ---- broken off ---- */

static void note_first_words(struct handshake    *handshake,
                             const unsigned char *data, size_t length)
{
    if (length >= ALERT_RECORD_BYTES && data[0] == ALERT_RECORD_TYPE) {
        const char *name =
            gnutls_alert_get_name((gnutls_alert_description_t)data[6]);

        say(handshake, "the client sent the alert \"%s\"",
            name ? name : "of no known name");
    } else if (data[0] >= 'A' && data[0] <= 'Z') {
        say(handshake, "the client went on in the clear");
    }
}

static void gone(struct handshake *handshake)
{
    char    later[TEXT_DURATION_MAX];
    int64_t after_ns = core_now_ns(handshake->core) - handshake->since_ns;

    say(handshake, "the client went %s later",
        text_from_duration(later, after_ns));
    handshake->events->failed(handshake->owner);
}

/* Read and dropped until the client goes; but what it says first may be an
 * alert. */
static void on_rest(void *owner)
{
    struct handshake *handshake = owner;
    unsigned char     data[4096];
    ssize_t           got = 1;

    for (int i = 0; i < HANDSHAKE_ROUNDS_MAX && got > 0; i++) {
        got = recv(handshake->outer->fd, data, sizeof data, MSG_DONTWAIT);
        if (got <= 0)
            break;
        if (handshake->said_bytes == 0)
            note_first_words(handshake, data, (size_t)got);
        handshake->said_bytes += (size_t)got;
    }
    if (got == 0 || (got < 0 && !io_would_block()))
        gone(handshake);
}

static void stay(struct handshake *handshake)
{
    handshake->outer->ready = on_rest;
    if (!loop_watch(&handshake->core->loop, handshake->outer, EPOLLIN))
        handshake->events->failed(handshake->owner);
}

static void break_off(struct handshake *handshake)
{
    const struct spoil *spoil = spoil_of(handshake);

    loop_cancel_timer(&handshake->core->loop, &handshake->limit);
    handshake->since_ns = core_now_ns(handshake->core);
    switch (spoil->end) {
    case HANDSHAKE_RESET:
        loop_reset(handshake->outer);
        say(handshake, "the client had said its hello");
        handshake->events->failed(handshake->owner);
        return;
    case HANDSHAKE_CLOSED:
        /* A few bytes on a new connection: there is room for them. */
        if (spoil->says != NULL)
            send(handshake->outer->fd, spoil->says, strlen(spoil->says),
                 MSG_NOSIGNAL | MSG_DONTWAIT);
        shutdown(handshake->outer->fd, SHUT_WR);
        break;
    case HANDSHAKE_STALLED:
    case HANDSHAKE_WHOLE:
        break;
    }
    stay(handshake);
}

/* In place of GnuTLS's own: what is beyond the fault's measure is not sent. */
static ssize_t push_part(gnutls_transport_ptr_t owner, const void *data,
                         size_t length)
{
    struct handshake *handshake = owner;
    int64_t           after = handshake->spoiled->how.values[PARAM_AFTER];
    size_t  left = after > 0 ? (size_t)after - handshake->pushed_bytes : 0;
    size_t  part = left < length ? left : length;
    ssize_t sent = 0;

    if (part > 0)
        sent =
            send(handshake->outer->fd, data, part, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        gnutls_transport_set_errno(handshake->session, errno);
        return -1;
    }
    handshake->pushed_bytes += (size_t)sent;
    if ((size_t)sent < left)
        return sent;
    handshake->broken_off = true;
    return (ssize_t)length;
}

/* ---- it fails ---- */

static void fail(struct handshake *handshake, int code)
{
    const bool alert = code == GNUTLS_E_FATAL_ALERT_RECEIVED;
    const bool went = code == GNUTLS_E_PREMATURE_TERMINATION ||
                      code == GNUTLS_E_PULL_ERROR ||
                      code == GNUTLS_E_PUSH_ERROR;

    if (alert)
        say(handshake,
            "the client ended the TLS handshake with the alert \"%s\"",
            gnutls_alert_get_name(gnutls_alert_get(handshake->session)));
    else if (went)
        say(handshake, "the client went before the TLS handshake was over");
    else
        say(handshake, "no TLS session could be made: %s",
            gnutls_strerror(code));
    if (!alert && !went)
        gnutls_alert_send_appropriate(handshake->session, code);
    drain_socket(handshake->outer->fd, HANDSHAKE_DRAINED_BYTES_MAX);
    handshake->events->failed(handshake->owner);
}

/* It asks in the clear on a port that speaks TLS. */
static void leave_in_clear(struct handshake *handshake)
{
    if (handshake->spoiled != NULL)
        say(handshake, "the client asked in the clear");
    handshake->events->in_clear(handshake->owner);
}

/* A method begins with a capital letter, a handshake never does. */
static bool speaks_http(const struct handshake *handshake)
{
    char first;

    return recv(handshake->outer->fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) ==
               1 &&
           first >= 'A' && first <= 'Z';
}

/* ---- it goes on ---- */

static void on_handshake(void *owner)
{
    struct handshake *handshake = owner;
    int               code = GNUTLS_E_AGAIN;

    if (!handshake->greeted && speaks_http(handshake)) {
        leave_in_clear(handshake);
        return;
    }
    handshake->greeted = true;
    for (int i = 0; i < HANDSHAKE_ROUNDS_MAX && !handshake->broken_off; i++) {
        code = gnutls_handshake(handshake->session);
        if (code == GNUTLS_E_AGAIN || gnutls_error_is_fatal(code) ||
            code == GNUTLS_E_SUCCESS)
            break;
    }
    if (handshake->broken_off || (code == GNUTLS_E_SUCCESS &&
                                  spoil_of(handshake)->end != HANDSHAKE_WHOLE))
        break_off(handshake);
    else if (code == GNUTLS_E_SUCCESS) {
        loop_cancel_timer(&handshake->core->loop, &handshake->limit);
        handshake->stands = true;
        handshake->events->stands(handshake->owner);
    } else if (gnutls_error_is_fatal(code))
        fail(handshake, code);
    else
        (void)loop_watch(&handshake->core->loop, handshake->outer,
                         gnutls_record_get_direction(handshake->session) == 1
                             ? EPOLLOUT
                             : EPOLLIN);
}

static void on_limit(void *owner)
{
    struct handshake *handshake = owner;

    say(handshake, "ended: its TLS handshake was not over after %d s",
        (int)(SERVER_HANDSHAKE_LIMIT_NS / NS_PER_S));
    drain_socket(handshake->outer->fd, HANDSHAKE_DRAINED_BYTES_MAX);
    handshake->events->failed(handshake->owner);
}

/* ---- it begins ---- */

static void set_transport(struct handshake *handshake)
{
    gnutls_transport_set_int(handshake->session, handshake->outer->fd);
    if (spoil_of(handshake)->end == HANDSHAKE_WHOLE)
        return;
    gnutls_transport_set_ptr2(
        handshake->session,
        (gnutls_transport_ptr_t)(intptr_t)handshake->outer->fd, handshake);
    gnutls_transport_set_push_function(handshake->session, push_part);
}

static bool start_session(struct handshake       *handshake,
                          const struct authority *authority)
{
    static const gnutls_datum_t http = {(unsigned char *)(uintptr_t)"http/1.1",
                                        sizeof "http/1.1" - 1};
    const struct spoil         *spoil = spoil_of(handshake);

    if (gnutls_init(&handshake->session, GNUTLS_SERVER | GNUTLS_NONBLOCK |
                                             GNUTLS_NO_SIGNAL |
                                             GNUTLS_NO_TICKETS) < 0)
        return false;
    set_transport(handshake);
    return gnutls_priority_set_direct(handshake->session,
                                      spoil->old ? priority_old : priority_now,
                                      NULL) >= 0 &&
           gnutls_credentials_set(
               handshake->session, GNUTLS_CRD_CERTIFICATE,
               authority_show(authority, spoil->certificate)) >= 0 &&
           gnutls_alpn_set_protocols(handshake->session, &http, 1, 0) >= 0;
}

void handshake_start(struct handshake       *handshake,
                     const struct authority *authority)
{
    assert(handshake->session == NULL && handshake->outer->fd >= 0);
    handshake->limit = (struct timer){.fire = on_limit, .owner = handshake};
    handshake->outer->ready = on_handshake;
    handshake->outer->owner = handshake;
    if (!start_session(handshake, authority) ||
        !loop_watch(&handshake->core->loop, handshake->outer, EPOLLIN)) {
        say(handshake, "closed at once: no TLS session could be started");
        handshake->events->failed(handshake->owner);
        return;
    }
    core_set_timer(handshake->core, &handshake->limit,
                   SERVER_HANDSHAKE_LIMIT_NS);
}
