#include "server/quiet.h"

#include "common/alloc.h"
#include "server/connection.h"
#include "server/hijacked.h"
#include "server/state.h"
#include "server/tunnel.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

void quiet_accepted(struct server *server, int fd)
{
    struct quiet    *quiet = &server->quiet;
    struct wire_pair pair;

    if (!quiet->on)
        return;
    if (quiet->awaited > 0)
        quiet->awaited--;
    else
        quiet->uncounted = true;
    /* Without an address: the client has reset it, and knows of its end. */
    if (!wire_pair_of(fd, &pair))
        return;
    quiet->pairs =
        alloc_grow(quiet->pairs, quiet->pair_count + 1, sizeof quiet->pairs[0]);
    quiet->pairs[quiet->pair_count++] = pair;
}

void quiet_closed(struct server *server)
{
    server->quiet.closed = true;
}

void quiet_clear(struct quiet *quiet)
{
    if (quiet->on)
        wire_close(&quiet->wire);
    alloc_free(quiet->pairs);
    *quiet = (struct quiet){0};
}

bool server_watch_wire(struct server *server, struct err *err)
{
    server->quiet.on = wire_open(&server->quiet.wire, err);
    return server->quiet.on;
}

/* Whom the kernel's list is compared with, through all of it. */
struct known {
    const struct server *server;
    struct wire_pair    *open; /* NULL: not looked for yet */
    size_t               open_count;
};

static bool is_our_port(void *data, int port)
{
    const struct server *server = ((struct known *)data)->server;

    return port == server->listener.port || port == server->other_port.port;
}

/* Those that fill a backlog are ours at both ends. */
static size_t filler_pairs(const struct port *port, struct wire_pair *pairs)
{
    size_t made = 0;

    for (unsigned i = 0; i < port->filler_count; i++) {
        struct wire_pair pair;

        if (wire_pair_of(port->fillers[i], &pair))
            pairs[made++] =
                (struct wire_pair){.ours = pair.theirs, .theirs = pair.ours};
    }
    return made;
}

/* The pairs of what is open here. They are as many as there are connections,
 * or fewer: one that was reset has none. */
static struct wire_pair *open_pairs(const struct server *server, size_t *count)
{
    const struct port *port = &server->listener.shut;
    struct wire_pair  *pairs = alloc_zero(
        server->open_count + port->filler_count + 1, sizeof pairs[0]);
    size_t made = filler_pairs(port, pairs);

    for (const struct connection *at = server->connections; at != NULL;
         at = at->next)
        made += wire_pair_of(at->watch.fd, &pairs[made]);
    for (const struct hijacked *at = server->hijacked; at != NULL;
         at = at->next)
        made += wire_pair_of(at->watch.fd, &pairs[made]);
    for (const struct tunnel *at = server->tunnels; at != NULL; at = at->next)
        made += wire_pair_of(at->outer.fd, &pairs[made]);
    *count = made;
    return pairs;
}

static bool same_pair(const struct wire_pair *pair, int port, int client_port)
{
    return ntohs(pair->ours.sin_port) == port &&
           ntohs(pair->theirs.sin_port) == client_port;
}

static bool has_pair(const struct wire_pair *pairs, size_t count, int port,
                     int client_port)
{
    for (size_t i = 0; i < count; i++)
        if (same_pair(&pairs[i], port, client_port))
            return true;
    return false;
}

static bool is_known(void *data, int port, int client_port)
{
    struct known *known = data;

    if (known->open == NULL)
        known->open = open_pairs(known->server, &known->open_count);
    return has_pair(known->open, known->open_count, port, client_port);
}

/* The client knows of every end that we have made. Those it has heard of are
 * forgotten. */
static bool all_heard(struct server *server)
{
    struct quiet     *quiet = &server->quiet;
    size_t            open_count;
    struct wire_pair *open = open_pairs(server, &open_count);
    bool              heard = true;

    for (size_t i = quiet->pair_count; i-- > 0;) {
        const struct wire_pair *pair = &quiet->pairs[i];

        if (has_pair(open, open_count, ntohs(pair->ours.sin_port),
                     ntohs(pair->theirs.sin_port)))
            continue;
        if (wire_unheard(&quiet->wire, pair))
            heard = false;
        else
            quiet->pairs[i] = quiet->pairs[--quiet->pair_count];
    }
    alloc_free(open);
    return heard;
}

static bool all_settled(const struct server *server)
{
    const struct wire *wire = &server->quiet.wire;

    for (const struct connection *at = server->connections; at != NULL;
         at = at->next)
        if (!wire_settled(wire, at->watch.fd))
            return false;
    for (const struct hijacked *at = server->hijacked; at != NULL;
         at = at->next)
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

/* Whether a connection is being made, or is made and not accepted. When as many
 * are accepted as were begun, none is. Otherwise, and from the moment on when
 * somebody talks to us who was not counted, the kernel is asked for all that
 * it knows; what was begun and is not there has come to nothing. */
static bool is_any_coming(struct server *server)
{
    struct quiet    *quiet = &server->quiet;
    struct known     known = {.server = server};
    struct wire_book book = {
        .data = &known, .ours = is_our_port, .known = is_known};
    bool coming;

    if (quiet->awaited == 0 && !quiet->uncounted)
        return false;
    coming = wire_strangers(&quiet->wire, &book, quiet->ipv6);
    alloc_free(known.open);
    if (!coming)
        quiet->awaited = 0;
    return coming;
}

void server_begun(struct server *server, unsigned count, bool ipv6)
{
    server->quiet.awaited += count;
    server->quiet.ipv6 = server->quiet.ipv6 || ipv6;
}

/* The order is part of the proof: what has arrived has made its descriptor
 * ready, so that is asked last. */
bool server_quiet(struct server *server)
{
    struct quiet *quiet = &server->quiet;

    if (!quiet->on || is_ready(server) || !all_settled(server) ||
        is_any_coming(server) || (quiet->closed && !all_heard(server)))
        return false;
    quiet->closed = false;
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
