/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_PORT_H
#define SERVER_PORT_H

/* A port that takes no connections: it refuses them, or its backlog is full
 * and their SYN is dropped. The kernel does both; we only stop listening, or
 * fill the backlog with connections of our own and leave them there. */

#include "model/plan.h"
#include "server/listener.h"

#include <stdbool.h>

enum { PORT_FILLERS_MAX = 8 };

struct port {
    struct listener   *listener;
    const struct plan *plan;
    enum fault         fault;  /* what strikes now; FAULT_NONE = nothing */
    unsigned           struck; /* the last connection it was done for */
    struct timer       over;
    int                fillers[PORT_FILLERS_MAX];
    unsigned           filler_count;
};

void port_init(struct port *port, struct listener *listener,
               const struct plan *plan);
/* The plan's fault for the connection that would be accepted next, if it has
 * one for the port. True: none is accepted until it is over. */
bool port_strikes(struct port *port, unsigned next);
void port_clear(struct port *port); /* or no-op */

#endif
