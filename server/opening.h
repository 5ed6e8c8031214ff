#ifndef SERVER_OPENING_H
#define SERVER_OPENING_H

#include "server/listener.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct tunnel;

/* What is known of a connection before a request comes on it. */
struct opening {
    const struct listener *listener; /* where it came */
    int                    fd; /* plain: the client's own, or a tunnel's end */
    unsigned               number;
    int64_t                accepted_ns;
    bool                   in_clear; /* where TLS was to be spoken */
    struct tunnel         *tunnel; /* NULL: none is between the client and us */
    struct sockaddr_in     from;
};

#endif
