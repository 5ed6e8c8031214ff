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

#include "server/authority.h"
#include "server/connection.h"
#include "server/loop.h"

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server;

enum { TUNNEL_BUFFER_BYTES = 8192, TUNNEL_VERSION_MAX = 16 };

/* On its way in one direction. */
struct flow {
    char   bytes[TUNNEL_BUFFER_BYTES];
    size_t at;
    size_t length; /* from at on */
    bool   over;   /* no more will come */
};

struct tunnel {
    struct server   *server;
    struct tunnel   *previous; /* in the server's list */
    struct tunnel   *next;
    gnutls_session_t session;
    struct watch     outer;
    struct watch     inner;  /* fd -1 until the handshake is over */
    struct timer     limit;  /* of the handshake */
    struct flow      in;     /* from the client */
    struct flow      out;    /* to the client */
    bool             lost;   /* the client's connection is no more */
    bool             ended;  /* our side of it is closed */
    bool             cut;    /* it ends without close_notify */
    bool             left;   /* nobody is at the plain end */
    bool             greeted; /* the client has begun the handshake */
    struct opening   opening; /* of the connection inside */
    char             version[TUNNEL_VERSION_MAX]; /* "TLS 1.3" */
};

/* Takes the descriptor of a connection that was just accepted, and goes on to
 * connection_open when the handshake is over. old: no newer protocol than
 * TLS 1.1 is spoken. */
void tunnel_start(const struct opening *opening, enum certificate certificate,
                  bool old);
/* The server stops. */
void tunnel_stop(struct tunnel *tunnel);
/* It holds nothing that it could pass on, and that no descriptor tells of. */
bool tunnel_settled(const struct tunnel *tunnel);

/* The rest is for the one at the plain end; NULL is fine. */

/* What was written to the plain end goes on to the client now. */
void tunnel_flush(struct tunnel *tunnel);
/* When the plain end is closed, the client gets no close_notify. */
void tunnel_cut(struct tunnel *tunnel);
/* RST to the client, now. */
void tunnel_reset(struct tunnel *tunnel);
/* The plain end is closed, or about to be. */
void tunnel_leave(struct tunnel *tunnel);

#endif
