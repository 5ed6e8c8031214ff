#include "server/handshake.h"

#include "common/alloc.h"
#include "common/io.h"
#include "common/text.h"
#include "server/fault.h"
#include "server/state.h"
#include "server/tunnel.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum {
    HANDSHAKE_ROUNDS_MAX = 64, /* the rest waits for its turn */
    ALERT_RECORD_BYTES = 7,
    ALERT_RECORD_TYPE = 21,
};

/* What a server of today offers; and one that was forgotten. */
static const char priority_now[] = "NORMAL";
static const char priority_old[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0:+SIGN-RSA-SHA1:"
    "+SIGN-ECDSA-SHA1:%VERIFY_ALLOW_SIGN_WITH_SHA1";

static const struct spoil *spoil_of(const struct tunnel *tunnel)
{
    static const struct spoil none = {.certificate = CERTIFICATE_RIGHT};
    const struct step        *step = tunnel->handshake.spoiled;

    return step != NULL ? fault_entry(step->fault)->spoil : &none;
}

/* ---- the record ---- */

/* Of a strike the first that is known is kept for its own line: a connection
 * stands in the record once. */
static void PRINTF_LIKE(2, 3)
    say(struct tunnel *tunnel, const char *format, ...)
{
    struct handshake *handshake = &tunnel->handshake;
    struct server    *server = tunnel->server;
    char              text[ERR_TEXT_MAX];
    va_list           arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (handshake->spoiled == NULL)
        record_remark(server->core.record, core_now_ns(&server->core),
                      tunnel->opening.number, "%s", text);
    else if (handshake->met == NULL)
        handshake->met = alloc_text(text);
}

void handshake_note_alert(struct tunnel *tunnel)
{
    if (tunnel->handshake.spoiled != NULL)
        say(tunnel, "the client sent the alert \"%s\"",
            gnutls_alert_get_name(gnutls_alert_get(tunnel->session)));
}

/* A client may look at the certificate only when the handshake is over. */
static void write_session(const struct tunnel *tunnel)
{
    struct server *server = tunnel->server;
    const char    *met = tunnel->handshake.met;

    if (tunnel->heard_bytes > 0)
        record_strike_met(server->core.record, core_now_ns(&server->core),
                          tunnel->opening.number, tunnel->heard_bytes,
                          "the client took it, and said %lld bytes in the "
                          "session",
                          (long long)tunnel->heard_bytes);
    else
        record_strike_met(server->core.record, core_now_ns(&server->core),
                          tunnel->opening.number, 0,
                          "the client took the handshake to its end, and "
                          "said nothing in the session%s%s",
                          met ? "; " : "", met ? met : "");
}

void handshake_clear(struct tunnel *tunnel)
{
    struct handshake *handshake = &tunnel->handshake;
    struct server    *server = tunnel->server;

    loop_cancel_timer(&server->core.loop, &handshake->limit);
    if (handshake->spoiled == NULL)
        return;
    if (tunnel->stands)
        write_session(tunnel);
    else
        record_strike_met(server->core.record, core_now_ns(&server->core),
                          tunnel->opening.number, NO_SESSION, "%s",
                          handshake->met ? handshake->met
                                         : "the server was stopped");
    alloc_free(handshake->met);
    handshake->met = NULL;
}

/* ---- broken off ---- */

static void note_first_words(struct tunnel *tunnel, const unsigned char *data,
                             size_t length)
{
    if (length >= ALERT_RECORD_BYTES && data[0] == ALERT_RECORD_TYPE) {
        const char *name =
            gnutls_alert_get_name((gnutls_alert_description_t)data[6]);

        say(tunnel, "the client sent the alert \"%s\"",
            name ? name : "of no known name");
    } else if (data[0] >= 'A' && data[0] <= 'Z') {
        say(tunnel, "the client went on in the clear");
    }
}

static void gone(struct tunnel *tunnel)
{
    char    later[TEXT_DURATION_MAX];
    int64_t after_ns =
        core_now_ns(&tunnel->server->core) - tunnel->handshake.since_ns;

    say(tunnel, "the client went %s later",
        text_from_duration(later, after_ns));
    tunnel_free(tunnel);
}

/* Read and dropped until the client goes; but what it says first may be an
 * alert. */
static void on_rest(void *owner, uint32_t events)
{
    struct tunnel *tunnel = owner;
    unsigned char  data[4096];
    ssize_t        got = 1;

    (void)events;
    for (int i = 0; i < HANDSHAKE_ROUNDS_MAX && got > 0; i++) {
        got = recv(tunnel->outer.fd, data, sizeof data, MSG_DONTWAIT);
        if (got <= 0)
            break;
        if (tunnel->handshake.said_bytes == 0)
            note_first_words(tunnel, data, (size_t)got);
        tunnel->handshake.said_bytes += (size_t)got;
    }
    if (got == 0 || (got < 0 && !io_would_block()))
        gone(tunnel);
}

static void stay(struct tunnel *tunnel)
{
    tunnel->outer.ready = on_rest;
    if (!loop_watch(&tunnel->server->core.loop, &tunnel->outer, EPOLLIN))
        tunnel_free(tunnel);
}

static void break_off(struct tunnel *tunnel)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    const struct spoil   *spoil = spoil_of(tunnel);

    loop_cancel_timer(&tunnel->server->core.loop, &tunnel->handshake.limit);
    tunnel->handshake.since_ns = core_now_ns(&tunnel->server->core);
    switch (spoil->end) {
    case HANDSHAKE_RESET:
        connect(tunnel->outer.fd, &nowhere, sizeof nowhere);
        say(tunnel, "the client had said its hello");
        tunnel_free(tunnel);
        return;
    case HANDSHAKE_CLOSED:
        /* A few bytes on a new connection: there is room for them. */
        if (spoil->says != NULL)
            send(tunnel->outer.fd, spoil->says, strlen(spoil->says),
                 MSG_NOSIGNAL | MSG_DONTWAIT);
        shutdown(tunnel->outer.fd, SHUT_WR);
        break;
    case HANDSHAKE_STALLED:
    case HANDSHAKE_WHOLE:
        break;
    }
    stay(tunnel);
}

/* In place of GnuTLS's own: what is beyond the fault's measure is not sent. */
static ssize_t push_part(gnutls_transport_ptr_t owner, const void *data,
                         size_t length)
{
    struct tunnel    *tunnel = owner;
    struct handshake *handshake = &tunnel->handshake;
    int64_t           after = handshake->spoiled->how.values[PARAM_AFTER];
    size_t  left = after > 0 ? (size_t)after - handshake->pushed_bytes : 0;
    size_t  part = left < length ? left : length;
    ssize_t sent = 0;

    if (part > 0)
        sent = send(tunnel->outer.fd, data, part, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        gnutls_transport_set_errno(tunnel->session, errno);
        return -1;
    }
    handshake->pushed_bytes += (size_t)sent;
    if ((size_t)sent < left)
        return sent;
    handshake->broken_off = true;
    return (ssize_t)length;
}

/* ---- it fails ---- */

static void say_why(struct tunnel *tunnel, int code)
{
    if (code == GNUTLS_E_FATAL_ALERT_RECEIVED ||
        code == GNUTLS_E_WARNING_ALERT_RECEIVED)
        say(tunnel, "the client ended the TLS handshake with the alert \"%s\"",
            gnutls_alert_get_name(gnutls_alert_get(tunnel->session)));
    else if (code == GNUTLS_E_PREMATURE_TERMINATION ||
             code == GNUTLS_E_PULL_ERROR || code == GNUTLS_E_PUSH_ERROR)
        say(tunnel, "the client went before the TLS handshake was over");
    else
        say(tunnel, "no TLS session could be made: %s", gnutls_strerror(code));
}

static void fail(struct tunnel *tunnel, int code)
{
    bool theirs = code == GNUTLS_E_FATAL_ALERT_RECEIVED ||
                  code == GNUTLS_E_PREMATURE_TERMINATION ||
                  code == GNUTLS_E_PULL_ERROR || code == GNUTLS_E_PUSH_ERROR;

    say_why(tunnel, code);
    if (!theirs)
        gnutls_alert_send_appropriate(tunnel->session, code);
    tunnel_drain(tunnel);
    tunnel_free(tunnel);
}

/* It asks in the clear on a port that speaks TLS. The request is read, to be
 * written down and refused. */
static void open_in_clear(struct tunnel *tunnel)
{
    struct opening opening = tunnel->opening;

    if (tunnel->handshake.spoiled != NULL)
        say(tunnel, "the client asked in the clear");
    loop_unwatch(&tunnel->server->core.loop, &tunnel->outer);
    tunnel->outer.fd = -1;
    tunnel_free(tunnel);
    opening.in_clear = true;
    (void)connection_open(&opening);
}

/* A method begins with a capital letter, a handshake never does. */
static bool speaks_http(const struct tunnel *tunnel)
{
    char first;

    return recv(tunnel->outer.fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1 &&
           first >= 'A' && first <= 'Z';
}

/* ---- it goes on ---- */

static void on_handshake(void *owner, uint32_t events)
{
    struct tunnel    *tunnel = owner;
    struct handshake *handshake = &tunnel->handshake;
    int               code = GNUTLS_E_AGAIN;

    (void)events;
    if (!handshake->greeted && speaks_http(tunnel)) {
        open_in_clear(tunnel);
        return;
    }
    handshake->greeted = true;
    for (int i = 0; i < HANDSHAKE_ROUNDS_MAX && !handshake->broken_off; i++) {
        code = gnutls_handshake(tunnel->session);
        if (code == GNUTLS_E_AGAIN || gnutls_error_is_fatal(code) ||
            code == GNUTLS_E_SUCCESS)
            break;
    }
    if (handshake->broken_off ||
        (code == GNUTLS_E_SUCCESS && spoil_of(tunnel)->end != HANDSHAKE_WHOLE))
        break_off(tunnel);
    else if (code == GNUTLS_E_SUCCESS) {
        loop_cancel_timer(&tunnel->server->core.loop, &handshake->limit);
        tunnel_open(tunnel);
    } else if (gnutls_error_is_fatal(code))
        fail(tunnel, code);
    else
        (void)loop_watch(&tunnel->server->core.loop, &tunnel->outer,
                         gnutls_record_get_direction(tunnel->session) == 1
                             ? EPOLLOUT
                             : EPOLLIN);
}

static void on_limit(void *owner)
{
    struct tunnel *tunnel = owner;

    say(tunnel, "ended: its TLS handshake was not over after %d s",
        (int)(SERVER_HANDSHAKE_LIMIT_NS / NS_PER_S));
    tunnel_drain(tunnel);
    tunnel_free(tunnel);
}

/* ---- it begins ---- */

static void set_transport(struct tunnel *tunnel)
{
    gnutls_transport_set_int(tunnel->session, tunnel->outer.fd);
    if (spoil_of(tunnel)->end == HANDSHAKE_WHOLE)
        return;
    gnutls_transport_set_ptr2(
        tunnel->session, (gnutls_transport_ptr_t)(intptr_t)tunnel->outer.fd,
        tunnel);
    gnutls_transport_set_push_function(tunnel->session, push_part);
}

static bool start_session(struct tunnel *tunnel)
{
    static const gnutls_datum_t http = {(unsigned char *)(uintptr_t)"http/1.1",
                                        sizeof "http/1.1" - 1};
    const struct authority *authority = tunnel->server->config.keys.authority;
    const struct spoil     *spoil = spoil_of(tunnel);

    if (gnutls_init(&tunnel->session, GNUTLS_SERVER | GNUTLS_NONBLOCK |
                                          GNUTLS_NO_SIGNAL |
                                          GNUTLS_NO_TICKETS) < 0)
        return false;
    set_transport(tunnel);
    return gnutls_priority_set_direct(tunnel->session,
                                      spoil->old ? priority_old : priority_now,
                                      NULL) >= 0 &&
           gnutls_credentials_set(
               tunnel->session, GNUTLS_CRD_CERTIFICATE,
               authority_show(authority, spoil->certificate)) >= 0 &&
           gnutls_alpn_set_protocols(tunnel->session, &http, 1, 0) >= 0;
}

void handshake_start(struct tunnel *tunnel, const struct step *spoiled)
{
    struct server *server = tunnel->server;

    tunnel->handshake = (struct handshake){.spoiled = spoiled};
    tunnel->handshake.limit = (struct timer){.fire = on_limit, .owner = tunnel};
    tunnel->outer.ready = on_handshake;
    if (!start_session(tunnel) ||
        !loop_watch(&server->core.loop, &tunnel->outer, EPOLLIN)) {
        say(tunnel, "closed at once: no TLS session could be started");
        tunnel_free(tunnel);
        return;
    }
    core_set_timer(&server->core, &tunnel->handshake.limit,
                   SERVER_HANDSHAKE_LIMIT_NS);
}
