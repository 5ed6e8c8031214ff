#include "common/text.h"
#include "server/server.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "server/clock_step.h"
#include "server/connection.h"
#include "server/exchange.h"
#include "server/hijacked.h"
#include "server/hold.h"
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

/* The client then finds its connection closed, and is not to blame. */
static void note_unsent(struct server *server, const char *line)
{
    struct err err;

    err_set(&err, ERR_OURS, "server", "libmicrohttpd sent no answer: %s", line);
    core_note_trouble(&server->core, &err);
}

/* libmicrohttpd does not say which request it speaks of; it is the one that
 * is over next. */
static void __attribute__((format(printf, 2, 0))) on_complaint(
    void *owner, const char *format, va_list arguments)
{
    struct server *server = owner;
    char           line[2 * COMPLAINT_MAX];

    vsnprintf(line, sizeof line, format, arguments);
    if (!complaint_read(line, server->complaint) &&
        server->complaint[0] == '\0' && /* else it had no room to refuse */
        text_starts_with(line, "Closing connection (failed to create response"))
        note_unsent(server, line);
}

static void on_daemon(void *owner, uint32_t events)
{
    /* Every turn runs it, after all else. */
    (void)owner;
    (void)events;
}

static bool start_daemon(struct server *server, struct err *err)
{
    const unsigned flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET |
                           MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO |
                           MHD_USE_ERROR_LOG;
    const union MHD_DaemonInfo *info;

    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, exchange_request, server,
        MHD_OPTION_EXTERNAL_LOGGER, on_complaint, server,
        MHD_OPTION_CONNECTION_LIMIT, server->config.connections_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_HEAD_BYTES_MAX,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_start, server,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, connection_notify, server,
#if MHD_VERSION >= 0x00097701
        /* What is wrong with a request is ours to judge: it only reads. */
        MHD_OPTION_CLIENT_DISCIPLINE_LVL, -3,
#endif
        MHD_OPTION_END);
    if (server->daemon == NULL)
        return err_set(err, ERR_SYSTEM, "server",
                       "libmicrohttpd does not start");
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    server->daemon_watch = (struct watch){
        .ready = on_daemon, .owner = server, .fd = info->epoll_fd};
    if (!loop_watch(&server->core.loop, &server->daemon_watch, EPOLLIN))
        return err_set_errno(err, "server", "cannot watch libmicrohttpd");
    return true;
}

bool server_start(struct server **started, const struct server_config *config,
                  struct err *err)
{
    struct server *server = alloc_zero(1, sizeof *server);

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
    server->quiet = (struct quiet){.core = &server->core,
                                   .port = &server->listener.shut,
                                   .other = &server->other_port};
    cursors_init(&server->cursors, config->plan);
    attempt_order_init(&server->attempt_order, config->plan);
    *started = NULL;
    if (!loop_start(&server->core.loop, config->clock, err) ||
        !start_daemon(server, err) ||
        !listener_start(&server->listener, server, LISTENER_HOST, config->port,
                        false, err) ||
        !listener_start(&server->other_port, server, LISTENER_HOST, 0, true,
                        err) ||
        !listener_start(&server->other_host, server, LISTENER_OTHER_HOST,
                        server->listener.port, true, err)) {
        server_stop(server);
        return false;
    }
    *started = server;
    return true;
}

/* ---- stop ---- */

static void stop_daemon(struct server *server)
{
    if (server->daemon == NULL)
        return;
    for (struct open_socket *at = server->core.open[SOCKET_CONNECTION];
         at != NULL; at = at->next) {
        struct connection *connection = at->watch->owner;

        if (connection->exchange != NULL &&
            exchange_is_held(connection->exchange))
            hold_release(connection->exchange);
    }
    loop_unwatch(&server->core.loop, &server->daemon_watch);
    MHD_stop_daemon(server->daemon);
    assert(server->core.open[SOCKET_CONNECTION] == NULL);
}

void server_stop(struct server *server)
{
    if (server == NULL)
        return;
    server->stopping = true;
    stop_daemon(server);
    while (server->core.open[SOCKET_HIJACKED] != NULL)
        hijacked_stop(server->core.open[SOCKET_HIJACKED]->watch->owner);
    while (server->core.open[SOCKET_TUNNEL] != NULL)
        tunnel_stop(server->core.open[SOCKET_TUNNEL]->watch->owner);
    quiet_clear(&server->quiet);
    listener_stop(&server->listener);
    listener_stop(&server->other_port);
    listener_stop(&server->other_host);
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
    return server->listener.port;
}

int server_fd(const struct server *server)
{
    return server->core.loop.epoll_fd;
}

int64_t server_wait_ns(const struct server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;

    /* Timers make the descriptor ready. libmicrohttpd may have work that does
     * not: bytes it has read but not looked at yet. */
    if (MHD_get_timeout(server->daemon, &timeout_ms) != MHD_YES)
        return -1;
    if (timeout_ms > INT64_MAX / NS_PER_MS)
        return -1;
    return (int64_t)timeout_ms * NS_PER_MS;
}

void server_turn(struct server *server)
{
    server->turn_count++;
    loop_turn(&server->core.loop);
    MHD_run(server->daemon);
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
