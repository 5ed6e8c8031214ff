#ifndef SERVER_STATE_H
#define SERVER_STATE_H

/* The server from inside: what its parts share. No other room includes this.
 *
 * A connection (connection.h) is a socket that libmicrohttpd reads for us. An
 * exchange (exchange.h) is one request on it. Over TLS a tunnel (tunnel.h)
 * stands between the client and its connection. When an answer is more than
 * libmicrohttpd can say, the exchange moves, with a descriptor of its own, to
 * a hijacked connection (hijacked.h). */

#include "server/attempt_order.h"
#include "server/complaint.h"
#include "server/core.h"
#include "server/cursor.h"
#include "server/listener.h"
#include "server/quiet.h"
#include "server/response_cache.h"
#include "server/server.h"

#include <microhttpd.h>

struct clock_step;

struct server {
    struct server_config config;
    struct core          core;
    struct listener      listener;
    struct listener      other_port; /* another origin, by its port alone, */
    struct listener      other_host; /* ... or by its host alone */
    struct MHD_Daemon   *daemon;
    struct watch         daemon_watch;
    struct quiet         quiet;
    struct cursors       cursors;
    struct attempt_order attempt_order;

    struct clock_step *clock_steps; /* a list */
    unsigned           accepted_count;
    uint64_t           turn_count;

    unsigned *events; /* room for hooks.events_of, PLAN_EVENTS_MAX */
    struct response_cache response_cache;
    char                 *settings_body;
    int64_t               date_s;
    char    date[DATE_TEXT_MAX]; /* of that second, as answers say it */
    int64_t first_answer_ns;
    bool    stopping;
    /* libmicrohttpd's last words on a request it refused, until the request
     * they belong to is over. "" = none. */
    char complaint[COMPLAINT_MAX];
};

#endif
