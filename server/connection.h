#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H

/* A connection that libmicrohttpd reads and writes for us.
 *
 * Beside libmicrohttpd we watch its descriptor for what it does not tell: that
 * the first byte of a request has come (from then on the request has a limit
 * in which to be whole), and that the client hangs up while its request is
 * held. A connection that is idle between requests has no limit. */

#include "server/core.h"
#include "server/head.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct exchange;
struct listener;
struct server;
struct tunnel;

/* What is known of a connection before a request comes on it. */
struct opening {
    struct server         *server;
    const struct listener *listener; /* where it came */
    int                    fd; /* plain: the client's own, or a tunnel's end */
    unsigned               number;
    int64_t                accepted_ns;
    bool                   in_clear; /* where TLS was to be spoken */
    struct tunnel         *tunnel; /* NULL: none is between the client and us */
    struct sockaddr_in     from;
};

struct connection {
    struct server         *server;
    struct open_socket     open;
    struct MHD_Connection *mhd;
    const struct listener *listener; /* where it came */
    unsigned               number;
    int64_t                accepted_ns;
    struct watch           watch;
    struct timer           limit; /* of the request, then of its answer */
    struct exchange       *exchange; /* whose request line was read; or NULL */
    struct tunnel         *tunnel; /* NULL: plain all the way */
    uint64_t               over_turn; /* when its last request was; 0 = none */
    unsigned               looks; /* at what came, before it was read */
    struct head            head; /* of a request that is about to be read */
    struct attempt        *last; /* answered in full, and nothing since; or
                                  * NULL */
    size_t  surplus_bytes; /* that came along with the last */
    int64_t known_bytes; /* of its requests; -1 = not known */
    bool    in_clear; /* where TLS was to be spoken */
    bool    asking; /* bytes of a request have come, not all */
    bool    asked; /* an attempt was recorded on it */
    bool    ended; /* by us, and the record says so */
    bool    watches_arrivals; /* else for a hangup, or not */
    bool    expecting; /* a request, or the end */
    bool    missed; /* something came when it was not */
};

/* Takes the descriptor of a new connection. */
void connection_start(const struct listener *listener, int fd,
                      const struct sockaddr_in *from);
/* Hands it to libmicrohttpd; false: that does not want it, and closed it. */
bool connection_open(const struct opening *opening);

/* libmicrohttpd tells that it has a connection, or that it lets it go. */
void connection_notify(void *server, struct MHD_Connection *mhd,
                       void                              **socket_context,
                       enum MHD_ConnectionNotificationCode code);

struct connection *connection_of(struct MHD_Connection *mhd);

/* A request has begun: it must be whole in time. */
void connection_begin(struct connection *connection);
/* libmicrohttpd has its answer, which the client must take in time. */
void connection_answer(struct connection *connection);
/* It is whole, or over. */
void connection_rest(struct connection *connection);
/* It is over: watch for the next one. */
void connection_expect(struct connection *connection);
/* Bytes that were left over are the last request's; it has been answered. */
void connection_blame_surplus(struct connection *connection);
/* While the request is held: watch whether the client hangs up. */
bool connection_watch_hangup(struct connection *connection);
void connection_unwatch(struct connection *connection);

#endif
