/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server.h"

#include "common/alloc.h"
#include "server/acceptor.h"
#include "server/bounds.h"
#include "server/connection.h"
#include "server/core.h"
#include "server/daemon.h"
#include "server/exchange.h"
#include "server/hijacked.h"
#include "server/quiet.h"
#include "server/tunnel.h"

#include <assert.h>
#include <poll.h>

/* A request comes in at the acceptor, which gives its connection, through a
 * tunnel where TLS is spoken, to libmicrohttpd's daemon; that tells the
 * exchange, which owns the request until it stands in the record. All of them
 * stand on the core; none knows this struct. */
struct server {
    struct server_config config;
    struct core          core;
    struct quiet         quiet;
    struct daemon        daemon;
    struct acceptor      acceptor;
    struct exchanges     exchanges;
};

/* ---- start ---- */

/* What each part is set by its owner. */
static void connect_parts(struct server *server)
{
    const struct server_config *config = &server->config;
    struct core                *core = &server->core;
    struct acceptor            *acceptor = &server->acceptor;

    core->record = config->record;
    core->epoch_ns = config->epoch_ns;
    server->daemon.core = core;
    server->quiet = (struct quiet){
        .core = core, .port = &acceptor->port, .other = &acceptor->other_port};
    *acceptor = (struct acceptor){.core = core,
                                  .config = config,
                                  .daemon = &server->daemon,
                                  .quiet = &server->quiet};
    server->exchanges = (struct exchanges){
        .core = core,
        .daemon = &server->daemon,
        .config = config,
        .choices = {.core = core, .config = config, .server = server},
        .answers = {.config = config,
                    .other_port = &acceptor->other_port,
                    .other_host = &acceptor->other_host},
        .clock_steps = {.core = core, .config = config},
        .first_answer_ns = TIME_NEVER,
    };
}

bool server_start(struct server **started, const struct server_config *config,
                  struct err *err)
{
    struct server               *server = alloc_zero(1, sizeof *server);
    const struct daemon_handlers handlers = {
        .connection = connection_notify,
        .start = exchange_start,
        .request = exchange_request,
        .completed = exchange_completed,
        .owner = &server->exchanges,
    };

    assert(config->plan != NULL && config->record != NULL);
    assert(!config->plan->given.https || config->keys.authority != NULL);
    server->config = *config;
    if (server->config.connections_max == 0)
        server->config.connections_max = SERVER_CONNECTIONS_MAX;
    connect_parts(server);
    choices_start(&server->exchanges.choices);
    answers_start(&server->exchanges.answers);
    *started = NULL;
    if (!loop_start(&server->core.loop, config->clock, err) ||
        !daemon_start(&server->daemon, server->config.connections_max,
                      &handlers, err) ||
        !acceptor_start(&server->acceptor, err)) {
        server_stop(server);
        return false;
    }
    *started = server;
    return true;
}

/* ---- stop ---- */

void server_stop(struct server *server)
{
    if (server == NULL)
        return;
    server->exchanges.stopping = true;
    connection_resume_all(&server->core);
    daemon_stop(&server->daemon);
    assert(server->core.open[SOCKET_CONNECTION] == NULL);
    while (server->core.open[SOCKET_HIJACKED] != NULL)
        hijacked_stop(server->core.open[SOCKET_HIJACKED]->owner);
    while (server->core.open[SOCKET_TUNNEL] != NULL)
        tunnel_stop(server->core.open[SOCKET_TUNNEL]->owner);
    assert(server->core.open_count == 0);
    quiet_clear(&server->quiet);
    acceptor_stop(&server->acceptor);
    clock_steps_clear(&server->exchanges.clock_steps);
    loop_stop(&server->core.loop);
    choices_clear(&server->exchanges.choices);
    answers_clear(&server->exchanges.answers);
    alloc_free(server);
}

/* ---- alive ---- */

unsigned server_nth(struct server *server, const struct attempt *attempt)
{
    return choice_nth(&server->exchanges.choices, attempt);
}

int server_port(const struct server *server)
{
    return server->acceptor.ingest.port;
}

int server_fd(const struct server *server)
{
    return server->core.loop.epoll_fd;
}

int64_t server_wait_ns(const struct server *server)
{
    return daemon_wait_ns(&server->daemon);
}

void server_turn(struct server *server)
{
    loop_turn(&server->core.loop);
    daemon_turn(&server->daemon);
}

bool server_idle(const struct server *server)
{
    return server->core.open_count == 0;
}

int64_t server_first_answer_ns(const struct server *server)
{
    return server->exchanges.first_answer_ns;
}

bool server_watch_wire(struct server *server, struct err *err)
{
    return quiet_watch(&server->quiet, err);
}

void server_begun(struct server *server, unsigned count, bool ipv6)
{
    quiet_begun(&server->quiet, count, ipv6);
}

static bool is_ready(const struct server *server)
{
    struct pollfd fd = {.fd = server_fd(server), .events = POLLIN};

    return poll(&fd, 1, 0) != 0 || server_wait_ns(server) >= 0;
}

/* The order is part of the proof: what has arrived has made its descriptor
 * ready, so that is asked last. */
bool server_quiet(struct server *server)
{
    return !is_ready(server) && quiet_nothing_under_way(&server->quiet) &&
           !is_ready(server);
}

int64_t server_next_ns(const struct server *server)
{
    return timers_next_ns(&server->core.loop.timers);
}

void server_clock_jumped(struct server *server)
{
    loop_clock_jumped(&server->core.loop);
}

bool server_trouble(const struct server *server, struct err *err)
{
    if (server->core.trouble.code == ERR_NONE)
        return false;
    *err = server->core.trouble;
    return true;
}
