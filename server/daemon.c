/* SPDX-License-Identifier: Apache-2.0 */
#include "server/daemon.h"

#include "common/text.h"
#include "server/bounds.h"

#include <stdarg.h>
#include <stdio.h>

/* The client then finds its connection closed, and is not to blame. */
static void note_unsent(struct core *core, const char *line)
{
    struct err err;

    err_set(&err, ERR_OURS, "server", "libmicrohttpd sent no answer: %s", line);
    core_note_trouble(core, &err);
}

/* libmicrohttpd does not say which request it speaks of; it is the one that
 * is over next. */
static void __attribute__((format(printf, 2, 0))) on_complaint(
    void *owner, const char *format, va_list arguments)
{
    struct daemon *daemon = owner;
    char           line[2 * COMPLAINT_MAX];

    vsnprintf(line, sizeof line, format, arguments);
    if (!complaint_read(line, daemon->complaint) &&
        daemon->complaint[0] == '\0' && /* else it had no room to refuse */
        text_starts_with(line, "Closing connection (failed to create response"))
        note_unsent(daemon->core, line);
}

static void on_ready(void *owner)
{
    /* Every turn runs it, after all else. */
    (void)owner;
}

bool daemon_start(struct daemon *daemon, unsigned connections_max,
                  const struct daemon_handlers *handlers, struct err *err)
{
    const unsigned flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET |
                           MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO |
                           MHD_USE_ERROR_LOG;
    const union MHD_DaemonInfo *info;

    daemon->mhd = MHD_start_daemon(
        flags, 0, NULL, NULL, handlers->request, handlers->owner,
        MHD_OPTION_EXTERNAL_LOGGER, on_complaint, daemon,
        MHD_OPTION_CONNECTION_LIMIT, connections_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_HEAD_BYTES_MAX,
        MHD_OPTION_URI_LOG_CALLBACK, handlers->start, handlers->owner,
        MHD_OPTION_NOTIFY_COMPLETED, handlers->completed, handlers->owner,
        MHD_OPTION_NOTIFY_CONNECTION, handlers->connection, daemon,
#if MHD_VERSION >= 0x00097701
        /* What is wrong with a request is ours to judge: it only reads. */
        MHD_OPTION_CLIENT_DISCIPLINE_LVL, -3,
#endif
        MHD_OPTION_END);
    if (daemon->mhd == NULL)
        return err_set(err, ERR_SYSTEM, "server",
                       "libmicrohttpd does not start");
    info = MHD_get_daemon_info(daemon->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    daemon->watch = (struct watch){
        .ready = on_ready, .owner = daemon, .fd = info->epoll_fd};
    if (!loop_watch(&daemon->core->loop, &daemon->watch, EPOLLIN))
        return err_set_errno(err, "server", "cannot watch libmicrohttpd");
    return true;
}

void daemon_stop(struct daemon *daemon)
{
    if (daemon->mhd == NULL)
        return;
    loop_unwatch(&daemon->core->loop, &daemon->watch);
    MHD_stop_daemon(daemon->mhd);
    daemon->mhd = NULL;
}

void daemon_turn(struct daemon *daemon)
{
    MHD_run(daemon->mhd);
}

/* Timers make the loop's descriptor ready. libmicrohttpd may have work that
 * does not: bytes it has read but not looked at yet. */
int64_t daemon_wait_ns(const struct daemon *daemon)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;

    if (MHD_get_timeout(daemon->mhd, &timeout_ms) != MHD_YES ||
        timeout_ms > INT64_MAX / NS_PER_MS)
        return -1;
    return (int64_t)timeout_ms * NS_PER_MS;
}
