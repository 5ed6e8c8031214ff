/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_ACCEPTOR_H
#define SERVER_ACCEPTOR_H

/* The ports of a server, and what becomes of a connection that comes on one of
 * them: too many are closed at once, a fault of the plan may strike it, else it
 * goes to libmicrohttpd, over TLS through a tunnel. */

#include "common/err.h"
#include "server/config.h"
#include "server/core.h"
#include "server/daemon.h"
#include "server/listener.h"
#include "server/port.h"
#include "server/quiet.h"
#include "server/tunnel.h"

#include <stdbool.h>

struct acceptor {
    /* Set by the owner. */
    struct core                *core;
    const struct server_config *config;
    struct daemon              *daemon;
    struct quiet               *quiet;

    struct tunnel_owner tunnels;
    struct listener     ingest;
    struct listener     other_port; /* another origin, by its port alone, */
    struct listener     other_host; /* ... or by its host alone */
    struct port         port; /* faults that keep ingest from accepting */
    unsigned            accepted_count;
};

bool MUST_USE acceptor_start(struct acceptor *acceptor, struct err *err);
void acceptor_stop(struct acceptor *acceptor);

#endif
