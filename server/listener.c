/* SPDX-License-Identifier: Apache-2.0 */
#include "server/listener.h"

#include "common/io.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LISTENER_BACKLOG = 4096,
    LISTENER_ACCEPTS_A_TURN = 64, /* the rest waits for the next turn */
    LISTENER_PICKS_MAX = 16,
};

#define LISTENER_PAUSE_NS (20 * NS_PER_MS)

static void resume(void *owner)
{
    struct listener *listener = owner;

    loop_watch(&listener->core->loop, &listener->watch, EPOLLIN);
}

void listener_shut(struct listener *listener, bool refusing)
{
    loop_cancel_timer(&listener->core->loop, &listener->pause);
    loop_unwatch(&listener->core->loop, &listener->watch);
    /* The socket keeps its port, and can listen again. */
    if (refusing)
        shutdown(listener->watch.fd, SHUT_RD);
}

void listener_open(struct listener *listener)
{
    listen(listener->watch.fd, LISTENER_BACKLOG);
    resume(listener);
}

/* No descriptor is left: the connection stays in the backlog, and the listener
 * readable. Looking away for a moment is what keeps us from spinning. */
static void pause_accepting(struct listener *listener)
{
    struct core *core = listener->core;

    if (!listener->said)
        record_remark(core->record, core_now_ns(core), 0,
                      "accept: %s; trying again every %d ms", strerror(errno),
                      (int)(LISTENER_PAUSE_NS / NS_PER_MS));
    listener->said = true;
    loop_unwatch(&core->loop, &listener->watch);
    core_set_timer(core, &listener->pause, LISTENER_PAUSE_NS);
}

/* Errors of the connection itself, not of accepting (accept(2)). */
static bool is_passing(int error)
{
    return error == ECONNABORTED || error == EINTR || error == EPROTO ||
           error == ENETDOWN || error == EHOSTUNREACH || error == ENETUNREACH;
}

static void on_ready(void *owner)
{
    struct listener *listener = owner;
    const int        one = 1;

    for (int i = 0; i < LISTENER_ACCEPTS_A_TURN; i++) {
        struct opening opening = {.listener = listener};
        socklen_t      length = sizeof opening.from;

        if (listener->refuses != NULL && listener->refuses(listener->owner))
            return;
        opening.fd =
            accept4(listener->watch.fd, (struct sockaddr *)&opening.from,
                    &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (opening.fd < 0 && is_passing(errno))
            continue;
        if (opening.fd < 0 && io_would_block())
            return;
        if (opening.fd < 0) {
            pause_accepting(listener);
            return;
        }
        setsockopt(opening.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        listener->accepted(listener->owner, &opening);
    }
}

/* Why the port is not ours, in the user's terms. */
static bool refused(int port, struct err *err)
{
    char place[32];

    snprintf(place, sizeof place, "port %d", port);
    if (errno == EADDRINUSE)
        return err_set(err, ERR_USAGE, place, "in use");
    if (errno == EACCES)
        return err_set(err, ERR_USAGE, place, "not allowed for this user");
    return err_set_errno(err, place, "cannot listen");
}

/* A socket that listens on the port; -1 with errno. */
static int listen_on(const char *host, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    const int          one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    at.sin_port = htons((uint16_t)port);
    inet_pton(AF_INET, host, &at.sin_addr);
    /* So that a port is free again as soon as its last server is gone. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
        listen(fd, LISTENER_BACKLOG) == 0)
        return fd;
    close(fd);
    return -1;
}

static int port_of(int fd)
{
    struct sockaddr_in at = {0};
    socklen_t          length = sizeof at;

    getsockname(fd, (struct sockaddr *)&at, &length);
    return ntohs(at.sin_port);
}

/* Only a port that was asked for by its number stays the socket's own when it
 * stops listening: so the one that the kernel picked is asked for again. In
 * between it is free, and another server may be picked the same one: then
 * one of the two, whichever, finds it in use and picks another. */
static int listen_anywhere(const char *host)
{
    int fd = -1;

    for (int i = 0; i < LISTENER_PICKS_MAX && fd < 0; i++) {
        int port = 0;

        fd = listen_on(host, 0);
        if (fd >= 0) {
            port = port_of(fd);
            close(fd);
            fd = listen_on(host, port);
        }
        if (fd < 0 && errno != EADDRINUSE)
            return -1;
    }
    return fd;
}

bool listener_start(struct listener *listener, int port, struct err *err)
{
    int fd;

    assert(listener->accepted != NULL && listener->core != NULL);
    listener->pause = (struct timer){.fire = resume, .owner = listener};
    listener->watch =
        (struct watch){.ready = on_ready, .owner = listener, .fd = -1};
    if (port < 0 || port > 65535)
        return err_set(err, ERR_USAGE, "port", "%d: 0 to 65535 is allowed",
                       port);
    fd = port == 0 ? listen_anywhere(listener->host)
                   : listen_on(listener->host, port);
    if (fd < 0)
        return refused(port, err);
    listener->watch.fd = fd;
    listener->port = port_of(fd);
    if (!loop_watch(&listener->core->loop, &listener->watch, EPOLLIN))
        return err_set_errno(err, "server", "cannot watch the listener");
    return true;
}

void listener_stop(struct listener *listener)
{
    if (listener->watch.owner == NULL)
        return;
    loop_cancel_timer(&listener->core->loop, &listener->pause);
    loop_unwatch(&listener->core->loop, &listener->watch);
    io_close(&listener->watch.fd);
}
