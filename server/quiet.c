#include "server/quiet.h"

#include "server/connection.h"
#include "server/state.h"
#include "server/taken.h"
#include "server/tunnel.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

void quiet_closed(struct server *server)
{
    server->quiet.uncertain = true;
}

bool server_watch_wire(struct server *server, struct err *err)
{
    server->quiet.on = wire_open(&server->quiet.wire, err);
    return server->quiet.on;
}

static bool is_our_port(void *data, int port)
{
    const struct server *server = data;

    return port == server->listener.port || port == server->elsewhere.port;
}

static bool joins(int fd, int port, int client_port)
{
    struct sockaddr_in ours;
    struct sockaddr_in theirs;
    socklen_t          length = sizeof ours;

    return getsockname(fd, (struct sockaddr *)&ours, &length) == 0 &&
           getpeername(fd, (struct sockaddr *)&theirs, &length) == 0 &&
           ours.sin_family == AF_INET && ntohs(ours.sin_port) == port &&
           ntohs(theirs.sin_port) == client_port;
}

static bool is_known(void *data, int port, int client_port)
{
    const struct server *server = data;

    for (const struct connection *at = server->connections; at != NULL;
         at = at->next)
        if (joins(at->watch.fd, port, client_port))
            return true;
    for (const struct taken *at = server->taken; at != NULL; at = at->next)
        if (joins(at->watch.fd, port, client_port))
            return true;
    for (const struct tunnel *at = server->tunnels; at != NULL; at = at->next)
        if (joins(at->outer.fd, port, client_port))
            return true;
    return false;
}

static bool all_settled(const struct server *server)
{
    const struct wire *wire = &server->quiet.wire;

    for (const struct connection *at = server->connections; at != NULL;
         at = at->next)
        if (!wire_settled(wire, at->watch.fd))
            return false;
    for (const struct taken *at = server->taken; at != NULL; at = at->next)
        if (!wire_settled(wire, at->watch.fd))
            return false;
    for (const struct tunnel *at = server->tunnels; at != NULL; at = at->next)
        if (!tunnel_settled(at) || !wire_settled(wire, at->outer.fd))
            return false;
    return true;
}

static bool is_ready(const struct server *server)
{
    struct pollfd fd = {.fd = server_fd(server), .events = POLLIN};

    return poll(&fd, 1, 0) != 0 || server_wait_ns(server) >= 0;
}

/* The order is part of the proof: what has arrived has made its descriptor
 * ready, so that is asked last. */
bool server_quiet(struct server *server, unsigned connecting)
{
    struct quiet    *quiet = &server->quiet;
    struct wire_book book = {
        .data = server, .ours = is_our_port, .known = is_known};

    quiet->uncertain = quiet->uncertain || connecting != 0;
    quiet->six = quiet->six || (connecting & SERVER_CONNECTS_6) != 0;
    if (!quiet->on || is_ready(server) || !all_settled(server))
        return false;
    if (quiet->uncertain && wire_strangers(&quiet->wire, &book, quiet->six))
        return false;
    quiet->uncertain = false;
    return !is_ready(server);
}

int64_t server_next_ns(const struct server *server)
{
    return timers_next_ns(&server->loop.timers);
}

void server_clock_jumped(struct server *server)
{
    loop_clock_jumped(&server->loop);
}
