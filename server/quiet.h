#ifndef SERVER_QUIET_H
#define SERVER_QUIET_H

/* Whether the server has nothing to do before its next timer, and nothing is
 * on the way to it or from it: what a clock must know before it jumps.
 *
 * The server acts on three things only: a descriptor that is ready, a timer,
 * and bytes that were read but not looked at (by libmicrohttpd, or by GnuTLS in
 * a tunnel). Nothing here asks what a request is waiting for.
 *
 * Over TLS it is the bytes of the outer connection that are compared, whatever
 * they mean. What a tunnel has opened lies in its buffers or in the pair of
 * sockets behind it, and those make a descriptor ready at once. */

#include "server/wire.h"

#include <stdbool.h>

struct server;

struct quiet {
    bool        on; /* somebody asks */
    struct wire wire;
    unsigned    awaited;   /* connections begun, and not accepted yet */
    bool        uncounted; /* one was accepted that nobody had begun */
    bool        ipv6; /* a client has sockets of IPv6, and may talk IPv4 */
    /* Connections that were accepted, until the client has heard that we have
     * closed them. */
    struct wire_pair *pairs;
    size_t            pair_count;
    bool              closed; /* one of them, since they were last looked at */
};

void quiet_accepted(struct server *server, int fd);
/* A connection was closed by us: its end is on its way. */
void quiet_closed(struct server *server);
void quiet_clear(struct quiet *quiet);

#endif
