/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_QUIET_H
#define SERVER_QUIET_H

/* Whether nothing is on the way to the server or from it: what a clock must
 * know before it jumps, beside that the server has nothing to do.
 *
 * The server acts on three things only: a descriptor that is ready, a timer,
 * and bytes that were read but not looked at (by libmicrohttpd, or by GnuTLS in
 * a tunnel). Nothing here asks what a request is waiting for.
 *
 * Over TLS it is the bytes of the outer connection that are compared, whatever
 * they mean. What a tunnel has opened lies in its buffers or in the pair of
 * sockets behind it, and those make a descriptor ready at once. */

#include "common/err.h"
#include "server/core.h"
#include "server/listener.h"
#include "server/port.h"
#include "server/wire.h"

#include <stdbool.h>

struct quiet {
    struct core           *core;
    const struct port     *port;  /* of the ingest, */
    const struct listener *other; /* ... and the other one */
    bool                   on; /* somebody asks */
    struct wire            wire;
    unsigned               awaited; /* connections begun, not accepted yet */
    bool                   uncounted; /* one was accepted that was not begun */
    bool ipv6; /* a client has sockets of IPv6, and may talk IPv4 */
    /* Connections that were accepted, until the client has heard that we have
     * closed them. */
    struct wire_pair *pairs;
    size_t            pair_count;
};

/* From now on, before the first client. False: the kernel does not tell. */
bool MUST_USE quiet_watch(struct quiet *quiet, struct err *err);
/* As server_begun. */
void quiet_begun(struct quiet *quiet, unsigned count, bool ipv6);
void quiet_accepted(struct quiet *quiet, int fd);
/* All that was sent has arrived, nobody is about to be accepted, and who was
 * closed knows it. False, too, where nobody watches. */
bool quiet_nothing_under_way(struct quiet *quiet);
void quiet_clear(struct quiet *quiet);

#endif
