/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_TUNNEL_H
#define SERVER_TUNNEL_H

/* A connection of the client's over TLS, and the plain one behind it.
 *
 *   client --TLS--> outer [tunnel] inner --plain--> libmicrohttpd, or a fault
 *
 * The session is ours, not libmicrohttpd's: we choose the certificate for each
 * connection, learn what the client thought of it, and every answer and every
 * fault that is written to the plain end arrives as it would without TLS. How
 * the plain end is closed is how the client's end is: with close_notify and
 * FIN, or as tunnel_cut and tunnel_reset say.
 *
 * Nothing here waits: a handshake has its limit, what is on its way either way
 * is one small buffer, and who does not read is not read from. The one at the
 * plain end says when it has done with it (tunnel_leave); until then the
 * tunnel stays, even when the client has gone. */

#include "server/core.h"
#include "server/handshake.h"
#include "server/listener.h"

#include <stdbool.h>
#include <stddef.h>

enum { TUNNEL_BUFFER_BYTES = 8192 };

/* On its way in one direction. */
struct flow {
    char   bytes[TUNNEL_BUFFER_BYTES];
    size_t at;
    size_t length; /* from at on */
    bool   over;   /* no more will come */
};

struct tunnel;

/* Whose tunnels they are. */
struct tunnel_owner {
    const struct authority *authority; /* vouches for us */
    /* Takes the plain end; false: it is not wanted, and closed. */
    bool (*open)(void *data, const struct opening *opening,
                 struct tunnel *tunnel); /* NULL: it goes without */
    void *data;
};

struct tunnel {
    struct core               *core;
    const struct tunnel_owner *owner;
    struct open_socket         open;
    struct watch               outer;
    struct watch               inner; /* fd -1 until the handshake is over */
    struct flow                in;    /* from the client */
    struct flow                out;   /* to the client */
    bool                       lost;  /* the client's connection is no more */
    bool                       ended; /* our side of it is closed */
    bool                       cut;   /* it ends without close_notify */
    bool                       left;  /* nobody is at the plain end */
    struct handshake           handshake; /* and the session */
    struct opening             opening;   /* of the connection inside */
};

/* Takes the descriptor of a connection that was just accepted, and opens the
 * plain end when the handshake is over. spoiled: the step whose fault
 * strikes in the handshake, NULL = none; the record has the strike already. */
void tunnel_start(const struct opening *opening, const struct step *spoiled,
                  const struct tunnel_owner *owner);
/* The server stops. */
void tunnel_stop(struct tunnel *tunnel);

/* The rest is for the one at the plain end; NULL is fine. */

/* A fault struck in its handshake, which came to its end all the same. */
bool tunnel_is_spoiled(const struct tunnel *tunnel);
/* What was written to the plain end goes on to the client now. */
void tunnel_flush(struct tunnel *tunnel);
/* When the plain end is closed, the client gets no close_notify. */
void tunnel_cut(struct tunnel *tunnel);
/* RST to the client, now. */
void tunnel_reset(struct tunnel *tunnel);
/* The plain end is closed, or about to be. */
void tunnel_leave(struct tunnel *tunnel);

#endif
