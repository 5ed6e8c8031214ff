/* SPDX-License-Identifier: Apache-2.0 */
#include "server/quiet.h"

#include "common/alloc.h"

#include <assert.h>
#include <netinet/in.h>

bool quiet_watch(struct quiet *quiet, struct err *err)
{
    assert(!quiet->on);
    quiet->on = wire_open(&quiet->wire, err);
    return quiet->on;
}

void quiet_accepted(struct quiet *quiet, int fd)
{
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

void quiet_clear(struct quiet *quiet)
{
    if (quiet->on)
        wire_close(&quiet->wire);
    alloc_free(quiet->pairs);
    *quiet = (struct quiet){0};
}

/* Whom the kernel's list is compared with, through all of it. */
struct known {
    const struct quiet *quiet;
    struct wire_pair   *open; /* NULL: not looked for yet */
    size_t              open_count;
};

static bool is_our_port(void *data, int port)
{
    const struct quiet *quiet = ((struct known *)data)->quiet;

    return port == quiet->port->listener->port || port == quiet->other->port;
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
static struct wire_pair *open_pairs(const struct quiet *quiet, size_t *count)
{
    const struct core *core = quiet->core;
    struct wire_pair  *pairs = alloc_zero(
        core->open_count + quiet->port->filler_count + 1, sizeof pairs[0]);
    size_t made = filler_pairs(quiet->port, pairs);

    for (int kind = 0; kind < SOCKET_KINDS; kind++)
        for (const struct open_socket *at = core->open[kind]; at != NULL;
             at = at->next)
            made += wire_pair_of(at->watch->fd, &pairs[made]);
    assert(made <= core->open_count + quiet->port->filler_count);
    *count = made;
    return pairs;
}

static bool has_pair(const struct wire_pair *pairs, size_t count, int port,
                     int client_port)
{
    for (size_t i = 0; i < count; i++)
        if (ntohs(pairs[i].ours.sin_port) == port &&
            ntohs(pairs[i].theirs.sin_port) == client_port)
            return true;
    return false;
}

static bool is_known(void *data, int port, int client_port)
{
    struct known *known = data;

    if (known->open == NULL)
        known->open = open_pairs(known->quiet, &known->open_count);
    return has_pair(known->open, known->open_count, port, client_port);
}

/* The client knows of every end that we have made. Those it has heard of are
 * forgotten. */
static bool all_heard(struct quiet *quiet)
{
    size_t            open_count;
    struct wire_pair *open = open_pairs(quiet, &open_count);
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

static bool all_settled(const struct quiet *quiet)
{
    for (int kind = 0; kind < SOCKET_KINDS; kind++)
        for (const struct open_socket *at = quiet->core->open[kind]; at != NULL;
             at = at->next)
            if ((at->is_settled != NULL && !at->is_settled(at->owner)) ||
                !wire_settled(&quiet->wire, at->watch->fd))
                return false;
    return true;
}

/* Whether a connection is being made, or is made and not accepted. When as many
 * are accepted as were begun, none is. Otherwise, and from the moment on when
 * somebody talks to us who was not counted, the kernel is asked for all that
 * it knows; what was begun and is not there has come to nothing. */
static bool is_any_coming(struct quiet *quiet)
{
    struct known     known = {.quiet = quiet};
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

void quiet_begun(struct quiet *quiet, unsigned count, bool ipv6)
{
    quiet->awaited += count;
    quiet->ipv6 = quiet->ipv6 || ipv6;
}

bool quiet_nothing_under_way(struct quiet *quiet)
{
    if (!quiet->on || !all_settled(quiet) || is_any_coming(quiet) ||
        (quiet->core->any_closed && !all_heard(quiet)))
        return false;
    quiet->core->any_closed = false;
    return true;
}
