/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H

/* A connection that libmicrohttpd reads and writes for us.
 *
 * Beside libmicrohttpd we watch its descriptor for what it does not tell: that
 * the first byte of a request has come (from then on the request has a limit
 * in which to be whole), and that the client hangs up while its request is
 * held. A connection that is idle between requests has no limit. */

#include "server/core.h"
#include "server/daemon.h"
#include "server/head.h"
#include "server/listener.h"
#include "server/tunnel.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/* What the owner of a request on it is told. */
struct connection_events {
    void (*hung_up)(void *owner); /* while it was suspended */
    /* Its request or its answer took too long; it is about to be ended. */
    void (*late)(void *owner, const char *text);
};

struct connection {
    struct core           *core;
    struct daemon         *daemon;
    struct open_socket     open;
    struct MHD_Connection *mhd;
    const struct listener *listener; /* where it came */
    unsigned               number;
    int64_t                accepted_ns;
    struct watch           watch;
    struct timer           limit; /* of the request, then of its answer */
    /* Of the request whose line was read, and its owner; NULL = none. */
    const struct connection_events *events;
    void                           *owner;
    struct tunnel                  *tunnel; /* NULL: plain all the way */
    uint64_t        over_turn; /* when its last request was; 0 = none */
    unsigned        looks; /* at what came, before it was read */
    struct head     head; /* of a request that is about to be read */
    struct attempt *last; /* answered in full, and nothing since; or
                           * NULL */
    size_t  surplus_bytes; /* that came along with the last */
    int64_t known_bytes; /* of its requests; -1 = not known */
    bool    in_clear; /* where TLS was to be spoken */
    bool    asking; /* bytes of a request have come, not all */
    bool    asked; /* an attempt was recorded on it */
    bool    ended; /* by us, and the record says so */
    bool    watches_arrivals; /* else for a hangup, or not */
    bool    expecting; /* a request, or the end */
    bool    missed; /* something came when it was not */
    bool    suspended; /* libmicrohttpd leaves it alone */
};

/* Hands it to libmicrohttpd; false: that does not want it, and closed it. */
bool connection_open(struct daemon *daemon, const struct opening *opening,
                     struct tunnel *tunnel);

/* libmicrohttpd tells that it has a connection, or that it lets it go. */
void connection_notify(void *daemon, struct MHD_Connection *mhd,
                       void                              **socket_context,
                       enum MHD_ConnectionNotificationCode code);

struct connection *connection_of(struct MHD_Connection *mhd);

/* A request line was read on it; until it is over, its owner is told. */
void connection_own(struct connection              *connection,
                    const struct connection_events *events, void *owner);
/* A request has begun: it must be whole in time. */
void connection_begin(struct connection *connection);
/* libmicrohttpd has its answer, which the client must take in time. */
void connection_answer(struct connection *connection);
/* It is whole, or over. */
void connection_rest(struct connection *connection);
/* It is over: watch for the next one. */
void connection_expect(struct connection *connection);
/* Bytes that were left over are the last request's; it has been answered. */
void connection_blame_surplus(struct connection *connection);
/* libmicrohttpd leaves it alone from now on, and is blind to it; so we watch
 * whether the client hangs up. */
void connection_suspend(struct connection *connection);
/* libmicrohttpd calls the request's handler again, in this turn. */
void connection_resume(struct connection *connection);
/* libmicrohttpd must find none suspended when it stops. */
void connection_resume_all(const struct core *core);
/* Leaves the TCP connection, with its tunnel, to the caller, on a descriptor of
 * its own; libmicrohttpd then closes the other. -1 with errno: none is left. */
int connection_hand_over(struct connection *connection, struct tunnel **tunnel);

#endif
