/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_PROOF_PEER_H
#define RUNNER_PROOF_PEER_H

/* A client that knows no HTTP: a plain socket, and exactly what is seen on it.
 * Nothing is retried, nothing is hidden, and an end is a FIN or an RST, never
 * "an error". It does not block; its owner polls its descriptor. */

#include "common/bytes.h"
#include "common/clock.h"
#include "runner/proof/peer_tls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* enumerator, word */
#define PEER_STATE_MAP(X)                                                      \
    X(PEER_CONNECTING, "no answer to its SYN")                                 \
    X(PEER_REFUSED, "connection refused")                                      \
    X(PEER_OPEN, "open")                                                       \
    X(PEER_FIN, "FIN")                                                         \
    X(PEER_RST, "RST")

enum peer_state {
#define X(state, word) state,
    PEER_STATE_MAP(X)
#undef X
};

enum { PEER_KEPT_BYTES_MAX = 64 * 1024 };

struct peer {
    const struct clock  *clock;
    int                  fd;
    enum peer_state      state;
    int                  error; /* errno of a refusal or reset; 0 = none */
    struct bytes         got;   /* as much of it as is kept */
    size_t               got_bytes;
    int64_t              began_ns; /* clock: connect was called */
    int64_t              last_ns;  /* the last byte */
    int64_t              ended_ns; /* refused, FIN or RST; 0 = not yet */
    enum peer_tls        tls;      /* PEER_CLEAR: it speaks none */
    struct peer_session *tls_session;
    bool                 notified; /* the end was announced (close_notify) */
    int                  alert;    /* PEER_ALERTED: which */
};

const char *peer_state_word(enum peer_state state);

/* Begins to connect; false with errno when there is no socket. ca, as PEM: it
 * speaks TLS, and trusts whom this vouches for; NULL: it does not. */
bool peer_start(struct peer *peer, const struct clock *clock, int port,
                const gnutls_datum_t *ca);
/* Sends what the socket takes at once; returns how much. */
size_t peer_give(struct peer *peer, const char *data, size_t length_bytes);
/* Notes what has come; true when anything has. */
bool peer_look(struct peer *peer);
bool peer_is_over(const struct peer *peer);
void peer_stop(struct peer *peer);

#endif
