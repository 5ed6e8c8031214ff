/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

/* The listening socket on the loopback, and our own accept, so that the time
 * of each connection is ours to take, and what becomes of it ours to say. */

#include "common/err.h"
#include "server/core.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Each of them the loopback, and to every client another host. */
#define LISTENER_HOST       "127.0.0.1"
#define LISTENER_OTHER_HOST "127.0.0.2"

/* What is known of a connection before a request comes on it. */
struct opening {
    const struct listener *listener; /* where it came */
    int                    fd; /* plain: the client's own, or a tunnel's end */
    struct sockaddr_in     from;
    unsigned               number; /* the rest is its owner's */
    int64_t                accepted_ns;
    bool                   in_clear; /* where TLS was to be spoken */
};

struct listener {
    /* Set by the owner. */
    struct core *core;
    const char  *host; /* one of those */
    bool         elsewhere; /* another origin than the ingest's */
    /* Whether none is to be accepted now; NULL: there is no such time. */
    bool (*refuses)(void *owner);
    /* The descriptor is the owner's from now on. */
    void (*accepted)(void *owner, struct opening *opening);
    void *owner;

    struct watch watch;
    struct timer pause; /* accepting again after descriptors ran out */
    int          port;
    bool         said; /* that they ran out */
};

/* port 0: one that the kernel picks. */
bool MUST_USE listener_start(struct listener *listener, int port,
                             struct err *err);
void listener_stop(struct listener *listener); /* or no-op */

/* Accepts nothing any more; refusing: and the kernel refuses for us. */
void listener_shut(struct listener *listener, bool refusing);
void listener_open(struct listener *listener);

#endif
