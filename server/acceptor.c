/* SPDX-License-Identifier: Apache-2.0 */
#include "server/acceptor.h"

#include "server/connection.h"
#include "server/fault.h"
#include "server/hijacked.h"

#include <assert.h>
#include <unistd.h>

static bool open_plain(void *owner, const struct opening *opening,
                       struct tunnel *tunnel)
{
    struct acceptor *acceptor = owner;

    return connection_open(acceptor->daemon, opening, tunnel);
}

/* The plan's fault for this connection, before it asks for anything; NULL =
 * none. */
static const struct step *strike(struct acceptor      *acceptor,
                                 const struct opening *opening)
{
    const struct plan *plan = acceptor->config->plan;
    const struct step *step = plan_connection_fault(plan, opening->number);

    if (opening->listener->elsewhere || step == NULL ||
        fault_family(step->fault) == FAMILY_PORT)
        return NULL;
    assert(fault_over(step->fault) != OVER_TLS || plan->given.https);
    record_strike(acceptor->core->record, opening->accepted_ns,
                  opening->accepted_ns, opening->number, step->fault);
    return step;
}

static void refuse(struct acceptor *acceptor, const struct opening *opening)
{
    record_remark(acceptor->core->record, opening->accepted_ns, opening->number,
                  "closed at once: %u connections are open already",
                  acceptor->config->connections_max);
    close(opening->fd);
    acceptor->core->any_closed = true;
}

static void on_accepted(void *owner, struct opening *opening)
{
    struct acceptor   *acceptor = owner;
    struct core       *core = acceptor->core;
    const struct step *struck;

    opening->number = ++acceptor->accepted_count;
    opening->accepted_ns = core_now_ns(core);
    quiet_accepted(acceptor->quiet, opening->fd);
    if (core->open_count >= acceptor->config->connections_max) {
        refuse(acceptor, opening);
        return;
    }
    struck = strike(acceptor, opening);
    if (struck != NULL && fault_entry(struck->fault)->spoil == NULL)
        fault_entry(struck->fault)
            ->play(hijacked_accept(core, opening->fd, opening->number, struck));
    else if (acceptor->config->plan->given.https)
        tunnel_start(opening, struck, &acceptor->tunnels);
    else
        (void)open_plain(acceptor, opening, NULL);
}

static bool refuses(void *owner)
{
    struct acceptor *acceptor = owner;

    return port_strikes(&acceptor->port, acceptor->accepted_count + 1);
}

static struct listener listener_of(struct acceptor *acceptor, const char *host)
{
    return (struct listener){.core = acceptor->core,
                             .host = host,
                             .elsewhere = true,
                             .accepted = on_accepted,
                             .owner = acceptor};
}

bool acceptor_start(struct acceptor *acceptor, struct err *err)
{
    acceptor->tunnels =
        (struct tunnel_owner){.authority = acceptor->config->keys.authority,
                              .open = open_plain,
                              .data = acceptor};
    acceptor->ingest = listener_of(acceptor, LISTENER_HOST);
    acceptor->ingest.elsewhere = false;
    acceptor->ingest.refuses = refuses;
    acceptor->other_port = listener_of(acceptor, LISTENER_HOST);
    acceptor->other_host = listener_of(acceptor, LISTENER_OTHER_HOST);
    port_init(&acceptor->port, &acceptor->ingest, acceptor->config->plan);
    if (!listener_start(&acceptor->ingest, acceptor->config->port, err))
        return false;
    (void)refuses(acceptor); /* from the first connection on, it may be */
    return listener_start(&acceptor->other_port, 0, err) &&
           listener_start(&acceptor->other_host, acceptor->ingest.port, err);
}

void acceptor_stop(struct acceptor *acceptor)
{
    port_clear(&acceptor->port);
    listener_stop(&acceptor->ingest);
    listener_stop(&acceptor->other_port);
    listener_stop(&acceptor->other_host);
}
