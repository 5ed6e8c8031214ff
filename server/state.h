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
#include "server/cursor.h"
#include "server/listener.h"
#include "server/loop.h"
#include "server/quiet.h"
#include "server/response_cache.h"
#include "server/server.h"

#include <microhttpd.h>

struct clock_step;
struct connection;
struct hijacked;
struct tunnel;

struct server {
    struct server_config config;
    struct loop          loop;
    struct listener      listener;
    struct listener      other_port; /* another origin, by its port alone, */
    struct listener      other_host; /* ... or by its host alone */
    struct MHD_Daemon   *daemon;
    struct watch         daemon_watch;
    struct quiet         quiet;
    struct cursors       cursors;
    struct attempt_order attempt_order;

    struct connection *connections; /* a list */
    struct hijacked   *hijacked;       /* a list */
    struct tunnel     *tunnels;     /* a list */
    struct clock_step *clock_steps; /* a list */
    unsigned           open_count;  /* in all three */
    unsigned           accepted_count;
    uint64_t           turn_count;

    unsigned *events; /* room for hooks.events_of, PLAN_EVENTS_MAX */
    struct response_cache response_cache;
    char                 *settings_body;
    int64_t               date_s;
    char       date[DATE_TEXT_MAX]; /* of that second, as answers say it */
    int64_t    first_answer_ns;
    bool       stopping;
    struct err trouble; /* ERR_NONE = none yet */
    /* libmicrohttpd's last words on a request it refused, until the request
     * they belong to is over. "" = none. */
    char complaint[COMPLAINT_MAX];
};

/* The record's time scale. */
int64_t server_now_ns(const struct server *server);
/* Keeps the first. */
void server_note_trouble(struct server *server, const struct err *err);

#endif
