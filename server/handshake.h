/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_HANDSHAKE_H
#define SERVER_HANDSHAKE_H

/* The TLS handshake of a tunnel: as a server of today makes it, or as a fault
 * spoils it. It tells its owner once how it ended; a handshake that a fault
 * breaks off stays, without limit, until the client goes.
 *
 * What the client made of it is written down: the alert that it sent, that it
 * went, or that it went on. */

#include "server/core.h"
#include "server/keys/authority.h"

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where it ends, once the client's hello was read and so many bytes were sent
 * as the fault says. */
enum handshake_end {
    HANDSHAKE_WHOLE,
    HANDSHAKE_STALLED, /* nothing more is sent */
    HANDSHAKE_CLOSED,  /* FIN; what comes is read until the client goes */
    HANDSHAKE_RESET,   /* RST */
};

/* What is wrong with it. All zero: nothing. */
struct spoil {
    enum certificate   certificate;
    bool               old; /* nothing newer than TLS 1.1 is spoken */
    enum handshake_end end;
    const char        *says; /* in the clear, before it closes; or NULL */
};

/* What the owner is told, once; but for a session that stands, it clears the
 * handshake then. */
struct handshake_events {
    void (*stands)(void *owner); /* the session does */
    /* The client asks in the clear where TLS is to be spoken; nothing of it
     * was read. */
    void (*in_clear)(void *owner);
    void (*failed)(void *owner); /* or the client has gone */
};

struct handshake {
    /* Set by the owner. */
    struct core                   *core;
    const struct handshake_events *events;
    void                          *owner;
    struct watch                  *outer; /* of the client's end */
    unsigned                       number; /* of the connection */
    const struct step *spoiled; /* whose fault strikes in it; NULL = none */

    gnutls_session_t session;
    struct timer     limit;
    size_t           pushed_bytes; /* of ours, when it is to break off */
    bool             greeted; /* the client has begun */
    bool             broken_off; /* by us, as scripted */
    bool             stands; /* it is over, well */
    size_t           said_bytes; /* by the client, after it was broken off */
    int64_t          since_ns; /* when that was */
    int64_t heard_bytes; /* of the client's, in the session: the owner counts */
    char   *met; /* what the client made of it; NULL = not known */
};

void handshake_start(struct handshake       *handshake,
                     const struct authority *authority);
/* The session stood, and the client sent a fatal alert in it. */
void handshake_note_alert(struct handshake *handshake);
/* The tunnel goes: the strike in the record says what came of it. */
void handshake_clear(struct handshake *handshake);

#endif
