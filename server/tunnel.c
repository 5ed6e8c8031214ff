/* SPDX-License-Identifier: Apache-2.0 */
#include "server/tunnel.h"

#include "common/alloc.h"
#include "common/io.h"
#include "server/drain.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum {
    TUNNEL_ROUNDS_MAX = 64, /* in one direction; the rest waits for its turn */
    TUNNEL_DRAINED_BYTES_MAX = 1 << 16,
};

/* ---- death ---- */

static void close_fd(struct tunnel *tunnel, struct watch *watch)
{
    loop_unwatch(&tunnel->core->loop, watch);
    io_close(&watch->fd);
}

static void free_tunnel(struct tunnel *tunnel)
{
    handshake_clear(&tunnel->handshake);
    close_fd(tunnel, &tunnel->inner);
    close_fd(tunnel, &tunnel->outer);
    core_closed(tunnel->core, SOCKET_TUNNEL, &tunnel->open);
    alloc_free(tunnel);
}

static void drain(const struct tunnel *tunnel)
{
    drain_socket(tunnel->outer.fd, TUNNEL_DRAINED_BYTES_MAX);
}

/* The client's connection is over; whoever is at the plain end sees the end of
 * it, as it would without us. */
static void lose(struct tunnel *tunnel)
{
    tunnel->lost = true;
    tunnel->in = (struct flow){.over = true};
    tunnel->out = (struct flow){.over = true};
    if (tunnel->outer.fd >= 0)
        drain(tunnel);
    close_fd(tunnel, &tunnel->outer);
    close_fd(tunnel, &tunnel->inner);
    tunnel->core->any_closed = true;
}

/* ---- from the client ---- */

/* 1 = more is here; 0 = the end; -1 = nothing now; -2 = it is lost. */
static int receive(struct tunnel *tunnel)
{
    struct flow *in = &tunnel->in;
    ssize_t      got = gnutls_record_recv(tunnel->handshake.session, in->bytes,
                                          sizeof in->bytes);

    in->at = 0;
    in->length = got > 0 ? (size_t)got : 0;
    if (got > 0)
        tunnel->handshake.heard_bytes += got;
    if (got > 0)
        return 1;
    if (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED)
        return -1;
    if (got == GNUTLS_E_REHANDSHAKE) {
        gnutls_alert_send(tunnel->handshake.session, GNUTLS_AL_WARNING,
                          GNUTLS_A_NO_RENEGOTIATION);
        return -1;
    }
    if (got < 0 && !gnutls_error_is_fatal((int)got))
        return -1; /* a warning, such as one of its alerts */
    if (got == 0 || got == GNUTLS_E_PREMATURE_TERMINATION)
        return 0;
    if (got == GNUTLS_E_FATAL_ALERT_RECEIVED)
        handshake_note_alert(&tunnel->handshake);
    return -2;
}

/* False: the plain end takes no more now. */
static bool pass_in(struct tunnel *tunnel)
{
    struct flow *in = &tunnel->in;

    while (in->length > 0 && tunnel->inner.fd >= 0) {
        ssize_t sent = send(tunnel->inner.fd, in->bytes + in->at, in->length,
                            MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent < 0 && io_would_block())
            return false;
        if (sent < 0)
            in->length = 0; /* nobody reads there any more */
        else
            in->length -= (size_t)sent;
        in->at += sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

static void end_in(struct tunnel *tunnel)
{
    tunnel->in.over = true;
    tunnel->in.length = 0;
    if (tunnel->inner.fd >= 0)
        shutdown(tunnel->inner.fd, SHUT_WR);
}

static void pump_in(struct tunnel *tunnel)
{
    for (int i = 0; i < TUNNEL_ROUNDS_MAX && !tunnel->lost &&
                    !tunnel->in.over && pass_in(tunnel);
         i++) {
        int got = receive(tunnel);

        if (got == -2)
            lose(tunnel);
        else if (got == 0)
            end_in(tunnel);
        else if (got == -1)
            return;
    }
}

/* ---- to the client ---- */

/* False: nothing is there now. */
static bool fetch_out(struct tunnel *tunnel)
{
    struct flow *out = &tunnel->out;
    ssize_t      got;

    if (tunnel->inner.fd < 0)
        return false;
    got = recv(tunnel->inner.fd, out->bytes, sizeof out->bytes, MSG_DONTWAIT);
    out->at = 0;
    out->length = got > 0 ? (size_t)got : 0;
    if (got == 0 || (got < 0 && !io_would_block()))
        out->over = true;
    return got > 0;
}

/* False: the client takes no more now, or never again. */
static bool pass_out(struct tunnel *tunnel)
{
    struct flow *out = &tunnel->out;

    while (out->length > 0) {
        ssize_t sent = gnutls_record_send(tunnel->handshake.session,
                                          out->bytes + out->at, out->length);

        if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
            return false;
        if (sent < 0) {
            lose(tunnel);
            return false;
        }
        out->at += (size_t)sent;
        out->length -= (size_t)sent;
    }
    return true;
}

static void end_out(struct tunnel *tunnel)
{
    int code = 0;

    if (!tunnel->cut)
        code = gnutls_bye(tunnel->handshake.session, GNUTLS_SHUT_WR);
    if (code == GNUTLS_E_AGAIN || code == GNUTLS_E_INTERRUPTED)
        return;
    tunnel->ended = true;
    shutdown(tunnel->outer.fd, SHUT_WR);
}

static void pump_out(struct tunnel *tunnel)
{
    for (int i = 0; i < TUNNEL_ROUNDS_MAX && !tunnel->lost &&
                    pass_out(tunnel) && !tunnel->out.over;
         i++)
        if (!fetch_out(tunnel))
            break;
    if (!tunnel->lost && !tunnel->ended && tunnel->out.over &&
        tunnel->out.length == 0)
        end_out(tunnel);
}

/* ---- both ---- */

static void watch(struct tunnel *tunnel, struct watch *side, uint32_t events)
{
    if (side->fd < 0)
        return;
    if (events == 0)
        loop_unwatch(&tunnel->core->loop, side);
    else
        loop_watch(&tunnel->core->loop, side, events);
}

/* What each side is waited for: room where something waits to go, and more
 * where nothing does. */
static void watch_both(struct tunnel *tunnel)
{
    const struct flow *in = &tunnel->in;
    const struct flow *out = &tunnel->out;
    bool               ending = out->over && out->length == 0 && !tunnel->ended;
    uint32_t           outer = 0;
    uint32_t           inner = 0;

    if (!in->over)
        outer |= in->length == 0 ? EPOLLIN : EPOLLRDHUP;
    if (out->length > 0 || ending)
        outer |= EPOLLOUT;
    if (in->length > 0)
        inner |= EPOLLOUT;
    if (!out->over && out->length == 0)
        inner |= EPOLLIN;
    watch(tunnel, &tunnel->outer, outer);
    watch(tunnel, &tunnel->inner, inner);
}

/* The tunnel may be gone afterwards. */
static void pump(struct tunnel *tunnel)
{
    pump_in(tunnel);
    pump_out(tunnel);
    if (tunnel->left && (tunnel->lost || tunnel->ended)) {
        if (!tunnel->lost)
            drain(tunnel);
        free_tunnel(tunnel);
    } else if (!tunnel->lost) {
        watch_both(tunnel);
    }
}

/* While the plain end takes nothing, the client's end is not read, and its
 * closing is seen only so. */
static void on_outer(void *owner)
{
    struct tunnel *tunnel = owner;
    const uint32_t events = tunnel->outer.events;

    if ((events & (EPOLLERR | EPOLLHUP)) != 0 && tunnel->in.length > 0)
        lose(tunnel);
    else if ((events & EPOLLRDHUP) != 0 && tunnel->in.length > 0)
        end_in(tunnel);
    pump(tunnel);
}

static void on_inner(void *owner)
{
    pump(owner);
}

/* ---- birth ---- */

static bool is_settled(const void *owner)
{
    const struct tunnel *tunnel = owner;

    return tunnel->lost || tunnel->in.over || tunnel->in.length > 0 ||
           gnutls_record_check_pending(tunnel->handshake.session) == 0;
}

static void on_stands(void *owner)
{
    struct tunnel *tunnel = owner;
    struct core   *core = tunnel->core;
    int            ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                   ends) != 0) {
        record_remark(core->record, core_now_ns(core), tunnel->opening.number,
                      "closed at once: %s", strerror(errno));
        free_tunnel(tunnel);
        return;
    }
    tunnel->outer.ready = on_outer;
    tunnel->outer.owner = tunnel;
    tunnel->inner =
        (struct watch){.ready = on_inner, .owner = tunnel, .fd = ends[0]};
    tunnel->opening.fd = ends[1];
    /* What came together with the end of the handshake is there first. */
    pump_in(tunnel);
    if (tunnel->owner->open(tunnel->owner->data, &tunnel->opening, tunnel))
        watch_both(tunnel);
    else
        free_tunnel(tunnel);
}

/* The request is read without us, to be written down and refused. */
static void on_in_clear(void *owner)
{
    struct tunnel             *tunnel = owner;
    const struct tunnel_owner *taker = tunnel->owner;
    struct opening             opening = tunnel->opening;

    loop_unwatch(&tunnel->core->loop, &tunnel->outer);
    tunnel->outer.fd = -1;
    free_tunnel(tunnel);
    opening.in_clear = true;
    (void)taker->open(taker->data, &opening, NULL);
}

static void on_failed(void *owner)
{
    free_tunnel(owner);
}

void tunnel_start(const struct opening *opening, const struct step *spoiled,
                  const struct tunnel_owner *owner)
{
    static const struct handshake_events events = {
        .stands = on_stands, .in_clear = on_in_clear, .failed = on_failed};
    struct tunnel *tunnel = alloc_zero(1, sizeof *tunnel);

    assert(owner->authority != NULL && opening->fd >= 0);
    tunnel->core = opening->listener->core;
    tunnel->owner = owner;
    tunnel->opening = *opening;
    tunnel->inner.fd = -1;
    tunnel->outer.fd = opening->fd;
    tunnel->open = (struct open_socket){
        .owner = tunnel, .watch = &tunnel->outer, .is_settled = is_settled};
    core_opened(tunnel->core, SOCKET_TUNNEL, &tunnel->open);
    tunnel->handshake = (struct handshake){.core = tunnel->core,
                                           .events = &events,
                                           .owner = tunnel,
                                           .outer = &tunnel->outer,
                                           .number = opening->number,
                                           .spoiled = spoiled};
    handshake_start(&tunnel->handshake, owner->authority);
}

void tunnel_stop(struct tunnel *tunnel)
{
    tunnel->left = true;
    if (tunnel->inner.fd >= 0)
        pump_out(tunnel);
    if (tunnel->outer.fd >= 0)
        drain(tunnel);
    free_tunnel(tunnel);
}

/* ---- the plain end ---- */

bool tunnel_is_spoiled(const struct tunnel *tunnel)
{
    return tunnel != NULL && tunnel->handshake.spoiled != NULL;
}

void tunnel_flush(struct tunnel *tunnel)
{
    if (tunnel == NULL || tunnel->lost)
        return;
    pump_out(tunnel);
    if (!tunnel->lost)
        watch_both(tunnel);
}

void tunnel_cut(struct tunnel *tunnel)
{
    if (tunnel != NULL)
        tunnel->cut = true;
}

void tunnel_reset(struct tunnel *tunnel)
{
    if (tunnel == NULL || tunnel->lost)
        return;
    pump_out(tunnel);
    if (tunnel->outer.fd >= 0)
        loop_reset(&tunnel->outer);
    lose(tunnel);
}

void tunnel_leave(struct tunnel *tunnel)
{
    if (tunnel == NULL)
        return;
    assert(!tunnel->left);
    tunnel->left = true;
    pump(tunnel);
}
