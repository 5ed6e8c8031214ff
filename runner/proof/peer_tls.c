/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/proof/peer_tls.h"

#include "common/alloc.h"
#include "common/io.h"
#include "runner/proof/peer.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdint.h>
#include <sys/socket.h>

enum { TLS_ALERT_RECORD = 21, TLS_HANDSHAKE_RECORD = 22 };

struct peer_session {
    gnutls_session_t                 session;
    gnutls_certificate_credentials_t trusted;
};

const char *peer_tls_words(enum peer_tls tls)
{
    static const char *const words[] = {
#define X(tls, text) [tls] = text,
        PEER_TLS_MAP(X)
#undef X
    };
    return words[tls];
}

/* In place of GnuTLS's own: keeps errno. */
static ssize_t pull(gnutls_transport_ptr_t owner, void *data, size_t length)
{
    struct peer *peer = owner;
    ssize_t      got = recv(peer->fd, data, length, MSG_DONTWAIT);

    if (got < 0) {
        if (!io_would_block())
            peer->error = errno;
        gnutls_transport_set_errno(peer->tls_session->session, errno);
    }
    return got;
}

bool peer_tls_start(struct peer *peer, const gnutls_datum_t *ca)
{
    struct peer_session *made = alloc_zero(1, sizeof *made);

    peer->tls_session = made;
    peer->tls = PEER_SHAKING;
    if (gnutls_certificate_allocate_credentials(&made->trusted) < 0 ||
        gnutls_certificate_set_x509_trust_mem(made->trusted, ca,
                                              GNUTLS_X509_FMT_PEM) < 1 ||
        gnutls_init(&made->session,
                    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
        return false;
    gnutls_session_set_verify_cert(made->session, "127.0.0.1", 0);
    gnutls_transport_set_ptr2(made->session, peer,
                              (gnutls_transport_ptr_t)(intptr_t)peer->fd);
    gnutls_transport_set_pull_function(made->session, pull);
    return gnutls_priority_set_direct(made->session,
                                      "NORMAL:-VERS-ALL:+VERS-TLS1.3:"
                                      "+VERS-TLS1.2",
                                      NULL) >= 0 &&
           gnutls_credentials_set(made->session, GNUTLS_CRD_CERTIFICATE,
                                  made->trusted) >= 0;
}

void peer_tls_stop(struct peer *peer)
{
    struct peer_session *made = peer->tls_session;

    if (made == NULL)
        return;
    if (made->session != NULL)
        gnutls_deinit(made->session);
    if (made->trusted != NULL)
        gnutls_certificate_free_credentials(made->trusted);
    alloc_free(made);
    peer->tls_session = NULL;
}

/* ---- the certificate ---- */

static bool is_self_signed(gnutls_session_t session)
{
    unsigned              count = 0;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(session, &count);
    gnutls_x509_crt_t     certificate;
    bool                  self = false;

    if (count == 0 || gnutls_x509_crt_init(&certificate) < 0)
        return false;
    if (gnutls_x509_crt_import(certificate, shown, GNUTLS_X509_FMT_DER) >= 0)
        self = gnutls_x509_crt_check_issuer(certificate, certificate) == 1;
    gnutls_x509_crt_deinit(certificate);
    return self;
}

/* By the first of its faults, and what to tell of it. */
static enum peer_tls fault_of(gnutls_session_t            session,
                              gnutls_alert_description_t *alert)
{
    unsigned status = gnutls_session_get_verify_cert_status(session);

    *alert = GNUTLS_A_CERTIFICATE_EXPIRED;
    if ((status & GNUTLS_CERT_EXPIRED) != 0)
        return PEER_EXPIRED;
    if ((status & GNUTLS_CERT_NOT_ACTIVATED) != 0)
        return PEER_NOT_YET_VALID;
    *alert = GNUTLS_A_UNKNOWN_CA;
    if ((status & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0)
        return is_self_signed(session) ? PEER_SELF_SIGNED : PEER_UNKNOWN_CA;
    *alert = GNUTLS_A_BAD_CERTIFICATE;
    return PEER_OTHER_HOST;
}

static void refuse(struct peer *peer)
{
    gnutls_session_t           session = peer->tls_session->session;
    gnutls_alert_description_t alert;

    peer->tls = fault_of(session, &alert);
    gnutls_alert_send(session, GNUTLS_AL_FATAL, alert);
}

/* ---- the session ---- */

static void note_alert(struct peer *peer)
{
    peer->tls = PEER_ALERTED;
    peer->alert = (int)gnutls_alert_get(peer->tls_session->session);
}

/* What GnuTLS says of either half, as recv would: -1 with errno. */
static ssize_t failed(struct peer *peer, ssize_t code)
{
    switch (code) {
    case GNUTLS_E_AGAIN:
    case GNUTLS_E_INTERRUPTED:
        errno = EAGAIN;
        return -1;
    case GNUTLS_E_PREMATURE_TERMINATION: /* of a reset, too */
    case GNUTLS_E_PULL_ERROR:
    case GNUTLS_E_PUSH_ERROR:
        errno = peer->error;
        return peer->error == 0 ? 0 : -1;
    case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
        peer->tls = PEER_OLD_VERSION;
        gnutls_alert_send_appropriate(peer->tls_session->session, (int)code);
        break;
    case GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
        refuse(peer);
        break;
    case GNUTLS_E_FATAL_ALERT_RECEIVED:
        note_alert(peer);
        break;
    default:
        break;
    }
    errno = EPROTO;
    return -1;
}

/* Looks at the first byte of an answer; false: there is an error instead, which
 * the kernel tells only once. */
static bool look_ahead(struct peer *peer)
{
    unsigned char first;
    ssize_t       got = recv(peer->fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);

    if (got == 1 && first != TLS_ALERT_RECORD && first != TLS_HANDSHAKE_RECORD)
        peer->tls = PEER_NO_TLS;
    return got >= 0 || io_would_block();
}

/* 1 = it stands. */
static ssize_t shake(struct peer *peer)
{
    int code;

    if (peer->tls == PEER_TRUSTED)
        return 1;
    if (peer->tls == PEER_SHAKING && !look_ahead(peer))
        return -1;
    if (peer->tls != PEER_SHAKING) {
        errno = EPROTO;
        return -1;
    }
    do
        code = gnutls_handshake(peer->tls_session->session);
    while (code < 0 && code != GNUTLS_E_AGAIN && !gnutls_error_is_fatal(code));
    if (code < 0)
        return failed(peer, code);
    peer->tls = PEER_TRUSTED;
    return 1;
}

ssize_t peer_tls_read(struct peer *peer, char *data, size_t length_bytes)
{
    ssize_t got = shake(peer);

    if (got != 1)
        return got;
    if (peer->notified) {
        errno = EPROTO;
        return -1;
    }
    got = gnutls_record_recv(peer->tls_session->session, data, length_bytes);
    if (got > 0)
        return got;
    if (got < 0)
        return failed(peer, got);
    peer->notified = true;
    errno = EPROTO;
    return -1;
}

ssize_t peer_tls_write(struct peer *peer, const char *data, size_t length_bytes)
{
    ssize_t sent = shake(peer);

    if (sent != 1)
        return sent;
    sent = gnutls_record_send(peer->tls_session->session, data, length_bytes);
    return sent >= 0 ? sent : failed(peer, sent);
}
