/* SPDX-License-Identifier: Apache-2.0 */
#include "server/hijacked.h"

#include "common/alloc.h"
#include "common/io.h"
#include "server/bounds.h"
#include "server/drain.h"

#include <assert.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    HIJACKED_DRAINED_BYTES_MAX = 1 << 20,
    HIJACKED_SENT_A_TURN_BYTES =
        1 << 20, /* an endless body is not the only one */
};

static struct hijacked *make(struct core *core, int fd)
{
    struct hijacked *hijacked = alloc_zero(1, sizeof *hijacked);

    *hijacked = (struct hijacked){.core = core};
    hijacked->watch = (struct watch){.owner = hijacked, .fd = fd};
    hijacked->pause = (struct timer){.owner = hijacked};
    send_buffer_init(&hijacked->out);
    hijacked->open =
        (struct open_socket){.owner = hijacked, .watch = &hijacked->watch};
    core_opened(core, SOCKET_HIJACKED, &hijacked->open);
    return hijacked;
}

struct hijacked *hijacked_start(struct connection            *connection,
                                struct attempt               *attempt,
                                const struct step            *step,
                                const struct hijacked_events *events,
                                void                         *owner)
{
    struct core     *core = connection->core;
    struct tunnel   *tunnel;
    int              fd = connection_hand_over(connection, &tunnel);
    struct hijacked *hijacked;

    assert(attempt != NULL && owner != NULL);
    if (fd < 0)
        return NULL;
    hijacked = make(core, fd);
    hijacked->events = events;
    hijacked->owner = owner;
    hijacked->attempt = attempt;
    hijacked->step = step;
    hijacked->tunnel = tunnel;
    return hijacked;
}

struct hijacked *hijacked_accept(struct core *core, int fd, unsigned connection,
                                 const struct step *step)
{
    struct hijacked *hijacked = make(core, fd);

    hijacked->connection = connection;
    hijacked->step = step;
    return hijacked;
}

static void finish(struct hijacked *hijacked, enum answer_end end)
{
    struct core                  *core = hijacked->core;
    const struct hijacked_events *events = hijacked->events;
    void                         *owner = hijacked->owner;

    loop_cancel_timer(&core->loop, &hijacked->pause);
    loop_unwatch(&core->loop, &hijacked->watch);
    close(hijacked->watch.fd);
    tunnel_leave(hijacked->tunnel);
    core_closed(core, SOCKET_HIJACKED, &hijacked->open);
    send_buffer_clear(&hijacked->out);
    alloc_free(hijacked);
    if (owner != NULL)
        events->over(owner, end);
}

static bool drain(const struct hijacked *hijacked)
{
    return drain_socket(hijacked->watch.fd, HIJACKED_DRAINED_BYTES_MAX);
}

static void note(struct hijacked *hijacked, bool answering)
{
    if (hijacked->owner == NULL)
        return;
    tunnel_flush(hijacked->tunnel);
    if (answering)
        hijacked->events->answering(hijacked->owner);
    else
        hijacked->attempt->answered_ns = core_now_ns(hijacked->core);
}

static void end_by_fin(struct hijacked *hijacked, enum answer_end end)
{
    drain(hijacked);
    finish(hijacked, end);
}

static void end_by_rst(struct hijacked *hijacked, enum answer_end end)
{
    loop_reset(&hijacked->watch);
    tunnel_reset(hijacked->tunnel);
    finish(hijacked, end);
}

void hijacked_stop(struct hijacked *hijacked)
{
    bool complete = hijacked->sent && hijacked->end == ANSWER_COMPLETE;

    end_by_fin(hijacked, complete ? ANSWER_COMPLETE : ANSWER_CUT);
}

/* ---- the client goes ---- */

/* How long it bore a silence that began before it had asked for anything. */
static void note_patience(const struct hijacked *hijacked)
{
    if (fault_sees(hijacked->step->fault) == SEES_SILENCE)
        record_strike_met(hijacked->core->record, core_now_ns(hijacked->core),
                          hijacked->connection, NO_SESSION, "the client went");
}

static void gone(struct hijacked *hijacked, enum answer_end end)
{
    if (hijacked->attempt == NULL)
        note_patience(hijacked);
    else if (end != ANSWER_COMPLETE)
        hijacked->attempt->gone_ns = core_now_ns(hijacked->core);
    finish(hijacked, end);
}

static void on_gone(void *owner)
{
    struct hijacked *hijacked = owner;

    gone(hijacked, hijacked->end);
}

static void on_more(void *owner)
{
    struct hijacked *hijacked = owner;

    if (!drain(hijacked))
        gone(hijacked, hijacked->end);
}

static void set_pause(struct hijacked *hijacked, int64_t pause_ns,
                      void (*fire)(void *owner))
{
    hijacked->pause.fire = fire;
    core_set_timer(hijacked->core, &hijacked->pause, pause_ns);
}

static void watch_or_cut(struct hijacked *hijacked, void (*ready)(void *owner),
                         uint32_t         events)
{
    hijacked->watch.ready = ready;
    if (!loop_watch(&hijacked->core->loop, &hijacked->watch, events))
        finish(hijacked, ANSWER_CUT);
}

/* ---- a client that does not go on ---- */

static void end_late(struct hijacked *hijacked, const char *what,
                     int64_t limit_ns)
{
    struct core *core = hijacked->core;
    const int    limit_s = (int)(limit_ns / NS_PER_S);

    if (hijacked->attempt != NULL) {
        attempt_violation(hijacked->attempt, VIOLATION_OTHER, "%s %d s", what,
                          limit_s);
        record_remark(core->record, core_now_ns(core),
                      hijacked->attempt->connection, "ended: %s %d s", what,
                      limit_s);
    }
    end_by_rst(hijacked, ANSWER_CUT);
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

static void on_body(void *owner)
{
    struct hijacked *hijacked = owner;
    uint64_t left = hijacked->body_bytes - hijacked->attempt->body_bytes;
    char     data[16384];
    ssize_t  got =
        recv(hijacked->watch.fd, data,
             left < sizeof data ? (size_t)left : sizeof data, MSG_DONTWAIT);

    if (got == 0 || (got < 0 && !io_would_block())) {
        gone(hijacked, ANSWER_GONE);
        return;
    }
    if (got > 0 &&
        !hijacked->events->read(hijacked->owner, data, (size_t)got)) {
        end_by_fin(hijacked, ANSWER_CUT);
        return;
    }
    if (hijacked->attempt->body_bytes < hijacked->body_bytes)
        return;
    loop_unwatch(&hijacked->core->loop, &hijacked->watch);
    loop_cancel_timer(&hijacked->core->loop, &hijacked->pause);
    hijacked->events->whole(hijacked->owner);
    hijacked->whole(hijacked);
}

void hijacked_read(struct hijacked *hijacked, uint64_t body_bytes,
                   void (*whole)(struct hijacked *hijacked))
{
    assert(hijacked->attempt != NULL);
    hijacked->body_bytes = body_bytes;
    hijacked->whole = whole;
    set_pause(hijacked, SERVER_REQUEST_LIMIT_NS, on_body_late);
    watch_or_cut(hijacked, on_body, EPOLLIN);
}

static void on_first(void *owner)
{
    struct hijacked *hijacked = owner;
    char             byte;
    ssize_t got = recv(hijacked->watch.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    if (got > 0) {
        loop_unwatch(&hijacked->core->loop, &hijacked->watch);
        hijacked->whole(hijacked);
    } else if (got == 0 || !io_would_block()) {
        gone(hijacked, ANSWER_GONE);
    }
}

void hijacked_await(struct hijacked *hijacked,
                    void (*then)(struct hijacked *hijacked))
{
    hijacked->whole = then;
    watch_or_cut(hijacked, on_first, EPOLLIN);
}

/* ---- the end ---- */

static void strike(struct hijacked *hijacked)
{
    const enum hijacked_then then = hijacked->then;
    const bool closes = then == HIJACKED_CLOSE || then == HIJACKED_CUT;
    const bool shuts = closes || then == HIJACKED_HALF_CLOSE;
    /* When the answer was no whole one, its end is what the client waits for.
     */
    const bool tells =
        (shuts || then == HIJACKED_RESET) && hijacked->end != ANSWER_COMPLETE;

    if (then == HIJACKED_CUT)
        tunnel_cut(hijacked->tunnel);
    if (tells)
        note(hijacked, true);
    if (closes)
        drain(hijacked);
    if (shuts)
        shutdown(hijacked->watch.fd, SHUT_WR);
    if (tells)
        note(hijacked, false);
    if (closes)
        finish(hijacked, hijacked->end);
    else if (then == HIJACKED_RESET)
        end_by_rst(hijacked, hijacked->end);
    else if (then == HIJACKED_WAIT)
        watch_or_cut(hijacked, on_gone, EPOLLRDHUP);
    else
        watch_or_cut(hijacked, on_more, EPOLLIN);
}

static void on_idle_over(void *owner)
{
    strike(owner);
}

/* A next request, which the end shall meet, or the client has gone. */
static void on_idle_ready(void *owner)
{
    struct hijacked *hijacked = owner;
    char             byte;
    ssize_t got = recv(hijacked->watch.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    if (got > 0)
        strike(hijacked);
    else if (got == 0 || !io_would_block())
        gone(hijacked, hijacked->end);
}

static void all_sent(struct hijacked *hijacked)
{
    hijacked->sent = true;
    if (hijacked->idle_ns <= 0) {
        strike(hijacked);
        return;
    }
    set_pause(hijacked, hijacked->idle_ns, on_idle_over);
    watch_or_cut(hijacked, on_idle_ready, EPOLLIN | EPOLLRDHUP);
}

/* ---- sending ---- */

static void flush(struct hijacked *hijacked);

static void on_writable(void *owner)
{
    struct hijacked *hijacked = owner;

    loop_cancel_timer(&hijacked->core->loop, &hijacked->pause);
    flush(hijacked);
}

static void await_room(struct hijacked *hijacked)
{
    set_pause(hijacked, SERVER_ANSWER_LIMIT_NS, on_answer_late);
    watch_or_cut(hijacked, on_writable, EPOLLOUT);
}

static void on_piece_due(void *owner)
{
    struct hijacked *hijacked = owner;

    hijacked->due = true;
    flush(hijacked);
}

static void on_gone_early(void *owner)
{
    gone(owner, ANSWER_GONE);
}

static void pause_sending(struct hijacked *hijacked, int64_t pause_ns)
{
    set_pause(hijacked, pause_ns, on_piece_due);
    watch_or_cut(hijacked, on_gone_early, EPOLLRDHUP);
}

/* Sends until all is sent, a pause is due or the socket is full: false then,
 * and the hijacked connection may be gone. */
static bool send_piece(struct hijacked *hijacked, size_t *sent_bytes)
{
    int64_t     pause_ns = send_buffer_pause_ns(&hijacked->out);
    size_t      length_bytes;
    const char *data;
    ssize_t     sent;

    if (pause_ns > 0 && !hijacked->due) {
        pause_sending(hijacked, pause_ns);
        return false;
    }
    data = send_buffer_next(&hijacked->out, &length_bytes);
    if (send_buffer_tells(&hijacked->out))
        note(hijacked, true);
    sent = send(hijacked->watch.fd, data, length_bytes,
                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
        send_buffer_sent(&hijacked->out, (size_t)sent);
        *sent_bytes += (size_t)sent;
        hijacked->due = false;
    } else if (io_would_block()) {
        await_room(hijacked);
        return false;
    } else {
        gone(hijacked, ANSWER_GONE);
        return false;
    }
    return true;
}

static void flush(struct hijacked *hijacked)
{
    size_t sent_bytes = 0;

    while (!send_buffer_done(&hijacked->out)) {
        if (!send_piece(hijacked, &sent_bytes))
            return;
        if (sent_bytes > HIJACKED_SENT_A_TURN_BYTES) {
            await_room(hijacked);
            return;
        }
    }
    if (hijacked->out.at > 0)
        note(hijacked, false);
    all_sent(hijacked);
}

void hijacked_play(struct hijacked *hijacked, enum hijacked_then then,
                   int64_t idle_ns, enum answer_end end)
{
    assert(!hijacked->sent); /* it goes on in one way, once */
    hijacked->then = then;
    hijacked->idle_ns = idle_ns;
    hijacked->end = end;
    flush(hijacked);
}
