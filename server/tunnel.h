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

#include "model/plan.h"
#include "server/connection.h"
#include "server/core.h"

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server;

enum { TUNNEL_BUFFER_BYTES = 8192, TUNNEL_VERSION_MAX = 16 };

/* How the session came to stand, or did not (handshake.c). */
struct handshake {
    struct timer       limit;
    const struct step *spoiled; /* whose fault strikes in it; NULL = none */
    size_t             pushed_bytes; /* of ours, when it is to break off */
    bool               greeted;      /* the client has begun */
    bool               broken_off;   /* by us, as scripted */
    size_t             said_bytes;   /* by the client, after that */
    int64_t            since_ns;     /* when that was */
    char              *met; /* what the client made of it; NULL = not known */
};

/* On its way in one direction. */
struct flow {
    char   bytes[TUNNEL_BUFFER_BYTES];
    size_t at;
    size_t length; /* from at on */
    bool   over;   /* no more will come */
};

struct tunnel {
    struct server     *server;
    struct open_socket open;
    gnutls_session_t   session;
    struct watch       outer;
    struct watch       inner;  /* fd -1 until the handshake is over */
    struct flow        in;     /* from the client */
    struct flow        out;    /* to the client */
    bool               lost;   /* the client's connection is no more */
    bool               ended;  /* our side of it is closed */
    bool               cut;    /* it ends without close_notify */
    bool               left;   /* nobody is at the plain end */
    bool               stands; /* the handshake is over */
    int64_t            heard_bytes; /* of the client's, in the session */
    struct handshake   handshake;
    struct opening     opening; /* of the connection inside */
    char               version[TUNNEL_VERSION_MAX]; /* "TLS 1.3" */
};

/* Takes the descriptor of a connection that was just accepted, and goes on to
 * connection_open when the handshake is over. spoiled: the step whose fault
 * strikes in the handshake, NULL = none; the record has the strike already. */
void tunnel_start(const struct opening *opening, const struct step *spoiled);
/* The server stops. */
void tunnel_stop(struct tunnel *tunnel);

/* For handshake.c: the session stands, and the plain end begins its life. */
void tunnel_open(struct tunnel *tunnel);
/* Reads and drops: unread bytes would turn the FIN into an RST. */
void tunnel_drain(const struct tunnel *tunnel);
/* Closes what is open of it. */
void tunnel_free(struct tunnel *tunnel);

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
