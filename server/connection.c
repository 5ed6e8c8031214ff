#include "server/connection.h"

#include "common/alloc.h"
#include "server/exchange.h"
#include "server/fault.h"
#include "server/hijacked.h"
#include "server/hold.h"
#include "server/state.h"
#include "server/tunnel.h"

#include <assert.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LIMIT_TEXT_MAX = 128,
    /* A look costs about a microsecond, a twentieth of a request. A client that
     * was right so often on this connection will be right again. */
    LOOKS_MAX = 64,
};

/* A descriptor is also readable at the end of its stream. */
static bool look_for_request(struct connection *connection)
{
    struct head head = {0};

    connection->looks++;
    if (!head_look(&head, connection->watch.fd))
        return false;
    if (!connection->asking) /* else its beginning was seen already */
        head_move(&connection->head, &head);
    head_clear(&head);
    connection->expecting = false;
    connection_begin(connection);
    return true;
}

static void on_ready(void *owner, uint32_t events)
{
    struct connection *connection = owner;
    const bool         expecting = connection->expecting;

    connection->missed = !expecting;
    connection->expecting = false;
    if (connection->exchange != NULL && exchange_is_held(connection->exchange))
        hold_hung_up(connection->exchange);
    else if (!expecting)
        return; /* libmicrohttpd is at it */
    else if (events == EPOLLIN && connection->looks >= LOOKS_MAX)
        connection_begin(connection); /* no end of the stream: no need to ask */
    else if (!look_for_request(connection) && connection->exchange == NULL)
        /* libmicrohttpd is told of an end only once, and has forgotten it if
         * it came with more than its buffer held: so it is told again. */
        shutdown(connection->watch.fd, SHUT_RDWR);
}

static void on_limit(void *owner)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    struct connection    *connection = owner;
    struct server        *server = connection->server;
    char                  text[LIMIT_TEXT_MAX];

    if (connection->asking)
        snprintf(text, sizeof text,
                 "a request was not whole %d s after its first byte",
                 (int)(SERVER_REQUEST_LIMIT_NS / NS_PER_S));
    else
        snprintf(text, sizeof text, "an answer was not taken within %d s",
                 (int)(SERVER_ANSWER_LIMIT_NS / NS_PER_S));
    if (connection->exchange != NULL)
        exchange_break(connection->exchange, "%s", text);
    record_remark(server->core.record, core_now_ns(&server->core),
                  connection->number, "ended: %s", text);
    /* libmicrohttpd sees the end of the stream and closes. What it has sent
     * already and nobody reads is the kernel's to keep, unless it is reset. */
    if (connection->asking)
        shutdown(connection->watch.fd, SHUT_RDWR);
    else
        connect(connection->watch.fd, &nowhere, sizeof nowhere);
    connection->asking = false;
    connection->ended = true;
}

static void free_connection(struct connection *connection)
{
    loop_cancel_timer(&connection->server->core.loop, &connection->limit);
    loop_unwatch(&connection->server->core.loop, &connection->watch);
    core_closed(&connection->server->core, SOCKET_CONNECTION,
                &connection->open);
    tunnel_leave(connection->tunnel);
    head_clear(&connection->head);
    alloc_free(connection);
}

bool connection_open(const struct opening *opening)
{
    struct server     *server = opening->server;
    struct connection *connection = alloc_zero(1, sizeof *connection);
    bool               hijacked;

    *connection = (struct connection){
        .server = server,
        .number = opening->number,
        .accepted_ns = opening->accepted_ns,
        .listener = opening->listener,
        .in_clear = opening->in_clear,
        .tunnel = opening->tunnel,
    };
    connection->watch = (struct watch){
        .ready = on_ready, .owner = connection, .fd = opening->fd};
    connection->limit = (struct timer){.fire = on_limit, .owner = connection};
    connection->open.watch = &connection->watch;
    core_opened(&server->core, SOCKET_CONNECTION, &connection->open);
    connection_expect(connection);
    /* libmicrohttpd reads it in this very turn, before the next event. */
    (void)look_for_request(connection);
    /* libmicrohttpd closes the descriptor when it does not want it. */
    hijacked = MHD_add_connection(server->daemon, opening->fd,
                                  (const struct sockaddr *)&opening->from,
                                  sizeof opening->from) == MHD_YES;
    if (!hijacked) {
        record_remark(server->core.record, opening->accepted_ns,
                      opening->number,
                      "closed at once: libmicrohttpd did not take it");
        connection->watch.on = false;
        connection->tunnel = NULL;
        free_connection(connection);
    }
    return hijacked;
}

/* The plan's fault for this connection, before it asks for anything; NULL =
 * none. */
static const struct step *strike(const struct opening *opening)
{
    struct server     *server = opening->server;
    const struct step *step =
        plan_connection_fault(server->config.plan, opening->number);

    if (opening->listener->elsewhere || step == NULL ||
        fault_family(step->fault) == FAMILY_PORT)
        return NULL;
    assert(fault_over(step->fault) != OVER_TLS ||
           server->config.plan->given.https);
    record_strike(server->core.record, opening->accepted_ns,
                  opening->accepted_ns, opening->number, step->fault);
    return step;
}

void connection_start(const struct listener *listener, int fd,
                      const struct sockaddr_in *from)
{
    struct server *server = listener->server;
    struct opening opening = {
        .server = server,
        .listener = listener,
        .fd = fd,
        .number = ++server->accepted_count,
        .accepted_ns = core_now_ns(&server->core),
        .from = *from,
    };
    const struct step *struck;

    quiet_accepted(&server->quiet, fd);
    if (server->core.open_count >= server->config.connections_max) {
        record_remark(server->core.record, opening.accepted_ns, opening.number,
                      "closed at once: %u connections are open already",
                      server->config.connections_max);
        close(fd);
        server->core.any_closed = true;
        return;
    }
    struck = strike(&opening);
    if (struck != NULL && fault_entry(struck->fault)->spoil == NULL)
        fault_entry(struck->fault)
            ->play(hijacked_accept(server, fd, opening.number, struck));
    else if (server->config.plan->given.https)
        tunnel_start(&opening, struck);
    else
        (void)connection_open(&opening);
}

/* How much came at least, seen by us or not. (The kernel counts the end of the
 * stream as a byte. Over TLS nobody counts.) */
static int64_t received_bytes(const struct connection *connection)
{
    struct tcp_info info = {0};
    socklen_t       length = sizeof info;

    if (getsockopt(connection->watch.fd, IPPROTO_TCP, TCP_INFO, &info,
                   &length) != 0 ||
        info.tcpi_bytes_received == 0)
        return 0;
    return (int64_t)info.tcpi_bytes_received - 1;
}

static void keep_head(const struct connection *connection,
                      struct remark           *remark)
{
    if (remark != NULL && connection->head.kept != NULL)
        remark_keep_raw(connection->server->core.record, remark,
                        connection->head.kept, connection->head.kept_bytes);
}

static void remark_refusal(const struct connection *connection)
{
    struct server *server = connection->server;
    struct remark *remark = record_remark(
        server->core.record, core_now_ns(&server->core), connection->number,
        "a request that could not be read was %s", server->complaint);

    keep_head(connection, remark);
    /* What was said to a handshake of ours that is none is no request. */
    if (remark != NULL && !tunnel_is_spoiled(connection->tunnel))
        remark->wrong = complaint_kind(server->complaint);
    server->complaint[0] = '\0';
}

/* What did not come along with the last request came later, or libmicrohttpd
 * read it with the last of a long body. */
static void count_surplus(struct connection *connection)
{
    int64_t received;

    if (connection->last == NULL || connection->surplus_bytes > 0)
        return;
    if (connection->asking && head_is_empty(&connection->head))
        connection->surplus_bytes = connection->head.came_bytes;
    if (connection->asking || connection->known_bytes < 0)
        return;
    received = received_bytes(connection);
    if (received > connection->known_bytes)
        connection->surplus_bytes =
            (size_t)(received - connection->known_bytes);
}

void connection_blame_surplus(struct connection *connection)
{
    struct attempt *last = connection->last;

    if (last != NULL && connection->surplus_bytes > 0)
        attempt_violation(last, VIOLATION_AHEAD,
                          "at least %zu bytes came with it, or behind it, that "
                          "belong to no request (RFC 9112, 2.2)",
                          connection->surplus_bytes);
    if (connection->known_bytes >= 0)
        connection->known_bytes += (int64_t)connection->surplus_bytes;
    connection->last = NULL;
    connection->surplus_bytes = 0;
}

/* What was wrong with a connection that ends, if it was not an attempt. Where
 * a fault struck in the handshake, that says it. */
static void remark_end(struct connection *connection)
{
    struct server *server = connection->server;
    struct record *record = server->core.record;
    int64_t        now_ns = core_now_ns(&server->core);

    if (!connection->asked && !connection->ended &&
        received_bytes(connection) > 0)
        connection->asking = true;
    count_surplus(connection);
    connection_blame_surplus(connection);
    if (connection->asking && server->complaint[0] != '\0')
        remark_refusal(connection);
    else if (connection->asking)
        keep_head(connection,
                  record_remark(record, now_ns, connection->number,
                                "closed without a whole, readable request "
                                "head"));
    else if (!connection->asked && !connection->ended &&
             !tunnel_is_spoiled(connection->tunnel))
        record_remark(record, now_ns, connection->number,
                      "closed without having sent a request");
}

/* Which of ours libmicrohttpd speaks of. It tells of a connection before it has
 * taken it over (0.9) or in its next turn (1.0), when more may have come. */
static struct connection *find_by_descriptor(const struct server   *server,
                                             struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct open_socket *at = server->core.open[SOCKET_CONNECTION];

    while (at != NULL && at->watch->fd != info->connect_fd)
        at = at->next;
    assert(at != NULL);
    return at->watch->owner;
}

void connection_notify(void *owner, struct MHD_Connection *mhd,
                       void                              **socket_context,
                       enum MHD_ConnectionNotificationCode code)
{
    struct server     *server = owner;
    struct connection *connection = *socket_context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connection = find_by_descriptor(server, mhd);
        connection->mhd = mhd;
        *socket_context = connection;
        return;
    }
    *socket_context = NULL;
    if (connection == NULL)
        return;
    remark_end(connection);
    free_connection(connection);
}

struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info->socket_context;
}

void connection_begin(struct connection *connection)
{
    struct server *server = connection->server;

    if (connection->asking)
        return;
    connection->asking = true;
    core_set_timer(&server->core, &connection->limit, SERVER_REQUEST_LIMIT_NS);
}

void connection_answer(struct connection *connection)
{
    struct server *server = connection->server;

    core_set_timer(&server->core, &connection->limit, SERVER_ANSWER_LIMIT_NS);
}

void connection_rest(struct connection *connection)
{
    connection->asking = false;
    loop_cancel_timer(&connection->server->core.loop, &connection->limit);
}

void connection_expect(struct connection *connection)
{
    connection_rest(connection);
    connection->expecting = true;
    /* Told of each arrival, once: only what came meanwhile, and nobody looked
     * at, must be asked for, which costs a system call. */
    if (connection->watches_arrivals && !connection->missed)
        return;
    connection->missed = false;
    connection->watches_arrivals =
        loop_watch(&connection->server->core.loop, &connection->watch,
                   EPOLLIN | EPOLLRDHUP | EPOLLET);
}

bool connection_watch_hangup(struct connection *connection)
{
    connection->watches_arrivals = false;
    return loop_watch(&connection->server->core.loop, &connection->watch,
                      EPOLLRDHUP | EPOLLET);
}

void connection_unwatch(struct connection *connection)
{
    connection->watches_arrivals = false;
    loop_unwatch(&connection->server->core.loop, &connection->watch);
}
