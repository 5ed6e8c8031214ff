/* SPDX-License-Identifier: Apache-2.0 */
#include "server/connection.h"

#include "common/alloc.h"
#include "server/bounds.h"

#include <assert.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

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

static void on_ready(void *owner)
{
    struct connection *connection = owner;
    const bool         expecting = connection->expecting;

    connection->missed = !expecting;
    connection->expecting = false;
    if (connection->suspended)
        connection->events->hung_up(connection->owner);
    else if (!expecting)
        return; /* libmicrohttpd is at it */
    else if (connection->watch.events == EPOLLIN &&
             connection->looks >= LOOKS_MAX)
        connection_begin(connection); /* no end of the stream: no need to ask */
    else if (!look_for_request(connection) && connection->owner == NULL)
        /* libmicrohttpd is told of an end only once, and has forgotten it if
         * it came with more than its buffer held: so it is told again. */
        shutdown(connection->watch.fd, SHUT_RDWR);
}

static void on_limit(void *owner)
{
    struct connection *connection = owner;
    struct core       *core = connection->core;
    char               text[LIMIT_TEXT_MAX];

    if (connection->asking)
        snprintf(text, sizeof text,
                 "a request was not whole %d s after its first byte",
                 (int)(SERVER_REQUEST_LIMIT_NS / NS_PER_S));
    else
        snprintf(text, sizeof text, "an answer was not taken within %d s",
                 (int)(SERVER_ANSWER_LIMIT_NS / NS_PER_S));
    if (connection->owner != NULL)
        connection->events->late(connection->owner, text);
    record_remark(core->record, core_now_ns(core), connection->number,
                  "ended: %s", text);
    /* libmicrohttpd sees the end of the stream and closes. What it has sent
     * already and nobody reads is the kernel's to keep, unless it is reset. */
    if (connection->asking)
        shutdown(connection->watch.fd, SHUT_RDWR);
    else
        loop_reset(&connection->watch);
    connection->asking = false;
    connection->ended = true;
}

static void free_connection(struct connection *connection)
{
    struct core *core = connection->core;

    assert(connection->owner == NULL && !connection->suspended);
    loop_cancel_timer(&core->loop, &connection->limit);
    loop_unwatch(&core->loop, &connection->watch);
    core_closed(core, SOCKET_CONNECTION, &connection->open);
    tunnel_leave(connection->tunnel);
    head_clear(&connection->head);
    alloc_free(connection);
}

bool connection_open(struct daemon *daemon, const struct opening *opening,
                     struct tunnel *tunnel)
{
    struct core       *core = daemon->core;
    struct connection *connection = alloc_zero(1, sizeof *connection);
    bool               taken;

    *connection = (struct connection){
        .core = core,
        .daemon = daemon,
        .number = opening->number,
        .accepted_ns = opening->accepted_ns,
        .listener = opening->listener,
        .in_clear = opening->in_clear,
        .tunnel = tunnel,
    };
    connection->watch = (struct watch){
        .ready = on_ready, .owner = connection, .fd = opening->fd};
    connection->limit = (struct timer){.fire = on_limit, .owner = connection};
    connection->open =
        (struct open_socket){.owner = connection, .watch = &connection->watch};
    core_opened(core, SOCKET_CONNECTION, &connection->open);
    connection_expect(connection);
    /* libmicrohttpd reads it in this very turn, before the next event. */
    (void)look_for_request(connection);
    /* libmicrohttpd closes the descriptor when it does not want it. */
    taken = MHD_add_connection(daemon->mhd, opening->fd,
                               (const struct sockaddr *)&opening->from,
                               sizeof opening->from) == MHD_YES;
    if (!taken) {
        record_remark(core->record, opening->accepted_ns, opening->number,
                      "closed at once: libmicrohttpd did not take it");
        connection->watch.on = false;
        connection->tunnel = NULL;
        free_connection(connection);
    }
    return taken;
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
        remark_keep_raw(connection->core->record, remark, connection->head.kept,
                        connection->head.kept_bytes);
}

static void remark_refusal(const struct connection *connection)
{
    struct core   *core = connection->core;
    char          *complaint = connection->daemon->complaint;
    struct remark *remark =
        record_remark(core->record, core_now_ns(core), connection->number,
                      "a request that could not be read was %s", complaint);

    keep_head(connection, remark);
    /* What was said to a handshake of ours that is none is no request. */
    if (remark != NULL && !tunnel_is_spoiled(connection->tunnel))
        remark->wrong = complaint_kind(complaint);
    complaint[0] = '\0';
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
    struct record *record = connection->core->record;
    int64_t        now_ns = core_now_ns(connection->core);

    if (!connection->asked && !connection->ended &&
        received_bytes(connection) > 0)
        connection->asking = true;
    count_surplus(connection);
    connection_blame_surplus(connection);
    if (connection->asking && connection->daemon->complaint[0] != '\0')
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
static struct connection *find_by_descriptor(const struct core     *core,
                                             struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct open_socket *at = core->open[SOCKET_CONNECTION];

    while (at != NULL && at->watch->fd != info->connect_fd)
        at = at->next;
    assert(at != NULL);
    return at->owner;
}

void connection_notify(void *owner, struct MHD_Connection *mhd,
                       void                              **socket_context,
                       enum MHD_ConnectionNotificationCode code)
{
    struct daemon     *daemon = owner;
    struct connection *connection = *socket_context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connection = find_by_descriptor(daemon->core, mhd);
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

void connection_own(struct connection              *connection,
                    const struct connection_events *events, void *owner)
{
    assert(connection->owner == NULL && owner != NULL);
    connection->events = events;
    connection->owner = owner;
}

void connection_begin(struct connection *connection)
{
    if (connection->asking)
        return;
    connection->asking = true;
    core_set_timer(connection->core, &connection->limit,
                   SERVER_REQUEST_LIMIT_NS);
}

void connection_answer(struct connection *connection)
{
    core_set_timer(connection->core, &connection->limit,
                   SERVER_ANSWER_LIMIT_NS);
}

void connection_rest(struct connection *connection)
{
    connection->asking = false;
    loop_cancel_timer(&connection->core->loop, &connection->limit);
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
        loop_watch(&connection->core->loop, &connection->watch,
                   EPOLLIN | EPOLLRDHUP | EPOLLET);
}

static void unwatch(struct connection *connection)
{
    connection->watches_arrivals = false;
    loop_unwatch(&connection->core->loop, &connection->watch);
}

void connection_suspend(struct connection *connection)
{
    assert(!connection->suspended && connection->owner != NULL);
    MHD_suspend_connection(connection->mhd);
    connection->suspended = true;
    connection->watches_arrivals = false;
    loop_watch(&connection->core->loop, &connection->watch,
               EPOLLRDHUP | EPOLLET);
}

void connection_resume(struct connection *connection)
{
    assert(connection->suspended);
    connection->suspended = false;
    unwatch(connection);
    MHD_resume_connection(connection->mhd);
}

void connection_resume_all(const struct core *core)
{
    for (struct open_socket *at = core->open[SOCKET_CONNECTION]; at != NULL;
         at = at->next) {
        struct connection *connection = at->owner;

        if (connection->suspended)
            connection_resume(connection);
    }
}

int connection_hand_over(struct connection *connection, struct tunnel **tunnel)
{
    int fd = fcntl(connection->watch.fd, F_DUPFD_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    *tunnel = connection->tunnel;
    connection->tunnel = NULL;
    connection->owner = NULL;
    /* The epoll knows a descriptor by its open file, which lives on in the
     * other: the old watch would outlive the old descriptor. */
    connection_rest(connection);
    unwatch(connection);
    return fd;
}
