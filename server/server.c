#include "server/server.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "server/clock_step.h"
#include "server/connection.h"
#include "server/exchange.h"
#include "server/hijacked.h"
#include "server/state.h"
#include "server/tunnel.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

/* ---- start ---- */

/* The settings that change nothing: the write key's own, no configuration. */
static char *settings_body(const char *write_key)
{
    struct bytes text;

    bytes_init(&text, 64 * 1024);
    bytes_add(&text, "{\"integrations\":{\"Segment.io\":{\"apiKey\":\"");
    for (const char *at = write_key; at != NULL && *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            bytes_format(&text, "\\%c", *at);
        else if ((unsigned char)*at < ' ')
            bytes_format(&text, "\\u%04x", (unsigned)*at);
        else
            bytes_append(&text, at, 1);
    }
    bytes_add(&text, "\"}}}");
    return bytes_take(&text);
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
        .owner = server,
    };

    assert(config->plan != NULL && config->record != NULL);
    assert(!config->plan->given.https || config->keys.authority != NULL);
    server->config = *config;
    server->core.record = config->record;
    server->core.epoch_ns = config->epoch_ns;
    if (server->config.connections_max == 0)
        server->config.connections_max = SERVER_CONNECTIONS_MAX;
    server->first_answer_ns = TIME_NEVER;
    server->events = alloc_zero(PLAN_EVENTS_MAX, sizeof server->events[0]);
    server->settings_body = settings_body(config->plan->given.write_key);
    server->daemon.core = &server->core;
    server->quiet = (struct quiet){.core = &server->core,
                                   .port = &server->acceptor.port,
                                   .other = &server->acceptor.other_port};
    server->acceptor = (struct acceptor){
        .core = &server->core,
        .plan = config->plan,
        .daemon = &server->daemon,
        .quiet = &server->quiet,
        .connections_max = server->config.connections_max,
    };
    cursors_init(&server->cursors, config->plan);
    attempt_order_init(&server->attempt_order, config->plan);
    *started = NULL;
    if (!loop_start(&server->core.loop, config->clock, err) ||
        !daemon_start(&server->daemon, server->config.connections_max,
                      &handlers, err) ||
        !acceptor_start(&server->acceptor, config->port, config->keys.authority,
                        err)) {
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
    server->stopping = true;
    connection_resume_all(&server->core);
    daemon_stop(&server->daemon);
    assert(server->core.open[SOCKET_CONNECTION] == NULL);
    while (server->core.open[SOCKET_HIJACKED] != NULL)
        hijacked_stop(server->core.open[SOCKET_HIJACKED]->owner);
    while (server->core.open[SOCKET_TUNNEL] != NULL)
        tunnel_stop(server->core.open[SOCKET_TUNNEL]->owner);
    quiet_clear(&server->quiet);
    acceptor_stop(&server->acceptor);
    clock_steps_clear(server);
    loop_stop(&server->core.loop);
    cursors_clear(&server->cursors);
    attempt_order_clear(&server->attempt_order);
    response_cache_clear(&server->response_cache);
    alloc_free(server->events);
    alloc_free(server->settings_body);
    alloc_free(server);
}

/* ---- alive ---- */

unsigned server_nth(struct server *server, const struct attempt *attempt)
{
    const struct attempt_order_reader reader = {
        .data = server->config.hooks.data,
        .events_of = server->config.hooks.events_of,
        .events = server->events,
    };

    return attempt_order_nth(&server->attempt_order, attempt, &reader);
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
    MHD_run(server->daemon.mhd);
}

bool server_idle(const struct server *server)
{
    return server->core.open_count == 0;
}

int64_t server_first_answer_ns(const struct server *server)
{
    return server->first_answer_ns;
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
