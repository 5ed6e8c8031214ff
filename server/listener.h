#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

/* The listening socket on the loopback, and our own accept, so that the time
 * of each connection is ours to take. */

#include "common/err.h"
#include "server/loop.h"

#include <stdbool.h>

struct server;

struct listener {
    struct server *server;
    struct watch   watch;
    struct timer   pause; /* accepting again after descriptors ran out */
    int            port;
    bool           elsewhere; /* another origin than the ingest's */
    bool           said; /* that they ran out */
};

/* A second one, whose connections are ROUTE_ELSEWHERE's, is started with
 * elsewhere set. */
bool MUST_USE listener_start(struct listener *listener, struct server *server,
                             int port, bool elsewhere, struct err *err);
void          listener_stop(struct listener *listener);

#endif
