#include "server/taken.h"

#include "common/alloc.h"
#include "server/connection.h"
#include "server/exchange.h"
#include "server/state.h"
#include "server/tunnel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TAKEN_DRAINED_BYTES_MAX = 1 << 20,
    TAKEN_SENT_A_TURN_BYTES = 1 << 20, /* an endless body is not the only one */
};

static struct taken *make(struct server *server, int fd)
{
    struct taken *taken = alloc_zero(1, sizeof *taken);

    *taken = (struct taken){.server = server};
    taken->watch = (struct watch){.owner = taken, .fd = fd};
    taken->pause = (struct timer){.owner = taken};
    outgoing_init(&taken->out);
    taken->next = server->taken;
    if (taken->next != NULL)
        taken->next->previous = taken;
    server->taken = taken;
    server->open_count++;
    return taken;
}

struct taken *taken_start(struct exchange *exchange)
{
    struct connection *connection = exchange->connection;
    int                fd = fcntl(connection->watch.fd, F_DUPFD_CLOEXEC, 0);
    struct taken      *taken;

    if (fd < 0)
        return NULL;
    taken = make(exchange->server, fd);
    taken->exchange = exchange;
    taken->step = exchange->step;
    taken->tunnel = connection->tunnel;
    connection->tunnel = NULL;
    /* The epoll knows a descriptor by its open file, which lives on in ours:
     * the old watch would outlive the old descriptor. */
    connection_rest(connection);
    connection_unwatch(connection);
    connection->exchange = NULL;
    exchange->connection = NULL;
    exchange->state = EXCHANGE_TAKEN;
    return taken;
}

struct taken *taken_accept(struct server *server, int fd, unsigned connection,
                           const struct step *step)
{
    struct taken *taken = make(server, fd);

    taken->connection = connection;
    taken->step = step;
    return taken;
}

static void finish(struct taken *taken, enum answer_end end)
{
    struct server   *server = taken->server;
    struct exchange *exchange = taken->exchange;

    loop_cancel_timer(&server->loop, &taken->pause);
    loop_unwatch(&server->loop, &taken->watch);
    close(taken->watch.fd);
    tunnel_leave(taken->tunnel);
    quiet_closed(server);
    if (taken->previous != NULL)
        taken->previous->next = taken->next;
    else
        server->taken = taken->next;
    if (taken->next != NULL)
        taken->next->previous = taken->previous;
    server->open_count--;
    outgoing_clear(&taken->out);
    alloc_free(taken);
    if (exchange != NULL)
        exchange_over(exchange, end);
}

/* Reads and drops. Closing with unread bytes makes the kernel send RST instead
 * of FIN. False: the client has closed its side. */
static bool drain(int fd)
{
    char    junk[4096];
    ssize_t got = 1;

    for (size_t total = 0; got > 0 && total < TAKEN_DRAINED_BYTES_MAX;
         total += (size_t)got)
        got = recv(fd, junk, sizeof junk, MSG_DONTWAIT);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

static void note(struct taken *taken, bool answering)
{
    struct attempt *attempt;

    if (taken->exchange == NULL)
        return;
    attempt = taken->exchange->attempt;
    tunnel_flush(taken->tunnel);
    if (answering)
        exchange_answering(taken->exchange);
    else
        attempt->answered_ns = server_now_ns(taken->server);
}

void taken_close(struct taken *taken, enum answer_end end)
{
    drain(taken->watch.fd);
    finish(taken, end);
}

void taken_reset(struct taken *taken, enum answer_end end)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    /* Dissolving the association resets it, also while another descriptor of
     * the connection is still open. SO_LINGER would wait for the last. */
    connect(taken->watch.fd, &nowhere, sizeof nowhere);
    tunnel_reset(taken->tunnel);
    finish(taken, end);
}

void taken_stop(struct taken *taken)
{
    bool complete = taken->sent && taken->end == ANSWER_COMPLETE;

    taken_close(taken, complete ? ANSWER_COMPLETE : ANSWER_CUT);
}

/* ---- the client goes ---- */

/* How long it bore a silence that began before it had asked for anything. */
static void note_patience(const struct taken *taken)
{
    if (fault_sees(taken->step->fault) == SEES_SILENCE)
        record_strike_met(taken->server->config.record,
                          server_now_ns(taken->server), taken->connection,
                          NO_SESSION, "the client went");
}

static void gone(struct taken *taken, enum answer_end end)
{
    if (taken->exchange == NULL)
        note_patience(taken);
    if (taken->exchange != NULL && end != ANSWER_COMPLETE)
        taken->exchange->attempt->gone_ns = server_now_ns(taken->server);
    finish(taken, end);
}

static void on_gone(void *owner, uint32_t events)
{
    struct taken *taken = owner;

    (void)events;
    gone(taken, taken->end);
}

static void on_more(void *owner, uint32_t events)
{
    struct taken *taken = owner;

    (void)events;
    if (!drain(taken->watch.fd))
        gone(taken, taken->end);
}

static void watch_or_cut(struct taken *taken,
                         void (*ready)(void *owner, uint32_t events),
                         uint32_t events)
{
    taken->watch.ready = ready;
    if (!loop_watch(&taken->server->loop, &taken->watch, events))
        finish(taken, ANSWER_CUT);
}

/* ---- a client that does not go on ---- */

/* Of what it waits for from the client now. */
static void set_limit(struct taken *taken, int64_t limit_ns,
                      void (*fire)(void *owner))
{
    struct server *server = taken->server;

    taken->pause.fire = fire;
    loop_set_timer(&server->loop, &taken->pause,
                   clock_now_ns(server->config.clock) + limit_ns);
}

static void end_late(struct taken *taken, const char *what, int64_t limit_ns)
{
    struct server *server = taken->server;
    const int      limit_s = (int)(limit_ns / NS_PER_S);

    if (taken->exchange != NULL) {
        attempt_violation(taken->exchange->attempt, VIOLATION_OTHER, "%s %d s",
                          what, limit_s);
        record_remark(server->config.record, server_now_ns(server),
                      taken->exchange->attempt->connection, "ended: %s %d s",
                      what, limit_s);
    }
    taken_reset(taken, ANSWER_CUT);
}

static void on_body_late(void *owner)
{
    end_late(owner, "a request was not whole after another",
             SERVER_REQUEST_LIMIT_NS);
}

static void on_answer_late(void *owner)
{
    end_late(owner, "nothing more of an answer was taken for",
             SERVER_ANSWER_LIMIT_NS);
}

/* ---- reading on ---- */

static void on_body(void *owner, uint32_t events)
{
    struct taken    *taken = owner;
    struct exchange *exchange = taken->exchange;
    uint64_t         left = taken->body_bytes - exchange->attempt->body_bytes;
    char             data[16384];
    ssize_t          got =
        recv(taken->watch.fd, data,
             left < sizeof data ? (size_t)left : sizeof data, MSG_DONTWAIT);

    (void)events;
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK &&
                     errno != EINTR)) {
        gone(taken, ANSWER_GONE);
        return;
    }
    if (got > 0 && !exchange_read(exchange, data, (size_t)got)) {
        taken_close(taken, ANSWER_CUT);
        return;
    }
    if (exchange->attempt->body_bytes < taken->body_bytes)
        return;
    loop_unwatch(&taken->server->loop, &taken->watch);
    loop_cancel_timer(&taken->server->loop, &taken->pause);
    exchange_whole(exchange);
    taken->whole(taken);
}

void taken_read(struct taken *taken, uint64_t body_bytes,
                void (*whole)(struct taken *taken))
{
    taken->body_bytes = body_bytes;
    taken->whole = whole;
    set_limit(taken, SERVER_REQUEST_LIMIT_NS, on_body_late);
    watch_or_cut(taken, on_body, EPOLLIN);
}

static void on_first(void *owner, uint32_t events)
{
    struct taken *taken = owner;
    char          byte;
    ssize_t got = recv(taken->watch.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    (void)events;
    if (got > 0) {
        loop_unwatch(&taken->server->loop, &taken->watch);
        taken->whole(taken);
    } else if (got == 0 ||
               (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        gone(taken, ANSWER_GONE);
    }
}

void taken_await(struct taken *taken, void (*then)(struct taken *taken))
{
    taken->whole = then;
    watch_or_cut(taken, on_first, EPOLLIN);
}

/* ---- the end ---- */

/* When the answer was no whole one, its end is what the client waits for. */
static void strike(struct taken *taken)
{
    const bool whole = taken->end == ANSWER_COMPLETE;

    switch (taken->then) {
    case TAKEN_CUT:
        tunnel_cut(taken->tunnel);
        /* fall through */
    case TAKEN_CLOSE:
        if (!whole)
            note(taken, true);
        drain(taken->watch.fd);
        shutdown(taken->watch.fd, SHUT_WR);
        if (!whole)
            note(taken, false);
        finish(taken, taken->end);
        break;
    case TAKEN_RESET:
        if (!whole) {
            note(taken, true);
            note(taken, false);
        }
        taken_reset(taken, taken->end);
        break;
    case TAKEN_HALF_CLOSE:
        if (!whole)
            note(taken, true);
        shutdown(taken->watch.fd, SHUT_WR);
        if (!whole)
            note(taken, false);
        watch_or_cut(taken, on_more, EPOLLIN);
        break;
    case TAKEN_LINGER:
        watch_or_cut(taken, on_more, EPOLLIN);
        break;
    case TAKEN_WAIT:
        watch_or_cut(taken, on_gone, EPOLLRDHUP);
        break;
    }
}

static void on_idle_over(void *owner)
{
    strike(owner);
}

/* A next request, which the end shall meet, or the client has gone. */
static void on_idle_ready(void *owner, uint32_t events)
{
    struct taken *taken = owner;
    char          byte;
    ssize_t got = recv(taken->watch.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    (void)events;
    if (got > 0)
        strike(taken);
    else if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
        gone(taken, taken->end);
}

static void all_sent(struct taken *taken)
{
    struct server *server = taken->server;

    taken->sent = true;
    if (taken->idle_ns <= 0) {
        strike(taken);
        return;
    }
    taken->pause.fire = on_idle_over;
    loop_set_timer(&server->loop, &taken->pause,
                   clock_now_ns(server->config.clock) + taken->idle_ns);
    watch_or_cut(taken, on_idle_ready, EPOLLIN | EPOLLRDHUP);
}

/* ---- sending ---- */

static void flush(struct taken *taken);

static void on_writable(void *owner, uint32_t events)
{
    struct taken *taken = owner;

    (void)events;
    loop_cancel_timer(&taken->server->loop, &taken->pause);
    flush(taken);
}

static void await_room(struct taken *taken)
{
    set_limit(taken, SERVER_ANSWER_LIMIT_NS, on_answer_late);
    watch_or_cut(taken, on_writable, EPOLLOUT);
}

static void on_piece_due(void *owner)
{
    struct taken *taken = owner;

    taken->due = true;
    flush(taken);
}

static void on_gone_early(void *owner, uint32_t events)
{
    (void)events;
    gone(owner, ANSWER_GONE);
}

static void pause_sending(struct taken *taken, int64_t pause_ns)
{
    struct server *server = taken->server;

    taken->pause.fire = on_piece_due;
    loop_set_timer(&server->loop, &taken->pause,
                   clock_now_ns(server->config.clock) + pause_ns);
    watch_or_cut(taken, on_gone_early, EPOLLRDHUP);
}

/* Sends until all is sent, a pause is due or the socket is full: false then,
 * and the taken connection may be gone. */
static bool send_piece(struct taken *taken, size_t *sent_bytes)
{
    int64_t     pause_ns = outgoing_pause_ns(&taken->out);
    size_t      length_bytes;
    const char *data;
    ssize_t     sent;

    if (pause_ns > 0 && !taken->due) {
        pause_sending(taken, pause_ns);
        return false;
    }
    data = outgoing_next(&taken->out, &length_bytes);
    if (outgoing_tells(&taken->out))
        note(taken, true);
    sent =
        send(taken->watch.fd, data, length_bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
        outgoing_sent(&taken->out, (size_t)sent);
        *sent_bytes += (size_t)sent;
        taken->due = false;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        await_room(taken);
        return false;
    } else if (errno != EINTR) {
        gone(taken, ANSWER_GONE);
        return false;
    }
    return true;
}

static void flush(struct taken *taken)
{
    size_t sent_bytes = 0;

    while (!outgoing_done(&taken->out)) {
        if (!send_piece(taken, &sent_bytes))
            return;
        if (sent_bytes > TAKEN_SENT_A_TURN_BYTES) {
            await_room(taken);
            return;
        }
    }
    if (taken->out.at > 0)
        note(taken, false);
    all_sent(taken);
}

void taken_play(struct taken *taken, enum taken_then then, int64_t idle_ns,
                enum answer_end end)
{
    taken->then = then;
    taken->idle_ns = idle_ns;
    taken->end = end;
    flush(taken);
}

void taken_send(struct taken *taken, struct bytes *bytes)
{
    outgoing_clear(&taken->out);
    taken->out.out = *bytes;
    bytes_init(bytes, bytes->max);
    taken_play(taken, TAKEN_CLOSE, 0, ANSWER_COMPLETE);
}
