/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_PROOF_PEER_TLS_H
#define RUNNER_PROOF_PEER_TLS_H

/* The TLS of a raw peer (peer.h): what became of the handshake, what it found
 * wrong with the certificate, and whether the end was announced. It trusts one
 * authority, calls the server 127.0.0.1 and speaks TLS 1.2 or newer. A server
 * that it does not trust gets the alert that says so, and not a byte more. */

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct peer;

/* enumerator, in words */
#define PEER_TLS_MAP(X)                                                        \
    X(PEER_CLEAR, "no TLS")                                                    \
    X(PEER_SHAKING, "no handshake")                                            \
    X(PEER_TRUSTED, "a trusted certificate")                                   \
    X(PEER_EXPIRED, "a certificate that is valid no more")                     \
    X(PEER_NOT_YET_VALID, "a certificate that is not valid yet")               \
    X(PEER_OTHER_HOST, "a certificate of another host")                        \
    X(PEER_SELF_SIGNED, "a self-signed certificate")                           \
    X(PEER_UNKNOWN_CA, "a certificate of an unknown authority")                \
    X(PEER_OLD_VERSION, "a version of TLS that it refuses")                    \
    X(PEER_ALERTED, "an alert")                                                \
    X(PEER_NO_TLS, "no TLS in answer")

enum peer_tls {
#define X(tls, words) tls,
    PEER_TLS_MAP(X)
#undef X
};

struct peer_session;

const char *peer_tls_words(enum peer_tls tls);

/* On the peer's socket; ca: whom it trusts, as PEM. False: GnuTLS could not. */
bool peer_tls_start(struct peer *peer, const gnutls_datum_t *ca);
void peer_tls_stop(struct peer *peer); /* or no-op */
/* As recv and send, once the session stands and the server is trusted; EAGAIN
 * before. EPROTO: the session is over, announced or failed, and the socket is
 * to be read as it is. */
ssize_t peer_tls_read(struct peer *peer, char *data, size_t length_bytes);
ssize_t peer_tls_write(struct peer *peer, const char *data,
                       size_t length_bytes);

#endif
