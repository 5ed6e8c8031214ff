#ifndef SERVER_STATE_H
#define SERVER_STATE_H

/* The server from inside: what its parts share. No other room includes this.
 *
 * A connection (connection.h) is a socket that libmicrohttpd reads for us. An
 * exchange (exchange.h) is one request on it. Over TLS a tunnel (tunnel.h)
 * stands between the client and its connection. When an answer is more than
 * libmicrohttpd can say, the exchange moves, with a descriptor of its own, to
 * a hijacked connection (hijacked.h). */

#include "server/acceptor.h"
#include "server/attempt_order.h"
#include "server/core.h"
#include "server/cursor.h"
#include "server/response_cache.h"
#include "server/server.h"

#include <microhttpd.h>

struct clock_step;

struct server {
    struct server_config config;
    struct core          core;
    struct daemon        daemon;
    struct acceptor      acceptor;
    struct quiet         quiet;
    struct cursors       cursors;
    struct attempt_order attempt_order;

    struct clock_step *clock_steps; /* a list */

    unsigned *events; /* room for hooks.events_of, PLAN_EVENTS_MAX */
    struct response_cache response_cache;
    char                 *settings_body;
    int64_t               date_s;
    char    date[DATE_TEXT_MAX]; /* of that second, as answers say it */
    int64_t first_answer_ns;
    bool    stopping;
};

#endif
