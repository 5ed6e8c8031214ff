#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

/* The listening socket on the loopback, and our own accept, so that the time
 * of each connection is ours to take, and what becomes of it ours to say. */

#include "common/err.h"
#include "server/loop.h"
#include "server/port.h"

#include <stdbool.h>

struct server;

/* Each of them the loopback, and to every client another host. */
#define LISTENER_HOST       "127.0.0.1"
#define LISTENER_OTHER_HOST "127.0.0.2"

struct listener {
    struct server *server;
    const char    *host; /* one of those */
    struct watch   watch;
    struct timer   pause; /* accepting again after descriptors ran out */
    int            port;
    bool           elsewhere; /* another origin than the ingest's */
    bool           said; /* that they ran out */
    struct port    shut; /* a fault that keeps it from accepting */
};

/* Those whose connections are ROUTE_ELSEWHERE's are started with elsewhere
 * set. */
bool MUST_USE listener_start(struct listener *listener, struct server *server,
                             const char *host, int port, bool elsewhere,
                             struct err *err);
void listener_stop(struct listener *listener);

/* Accepts nothing any more; refusing: and the kernel refuses for us. */
void listener_shut(struct listener *listener, bool refusing);
void listener_open(struct listener *listener);

#endif
