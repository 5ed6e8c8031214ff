/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_DAEMON_H
#define SERVER_DAEMON_H

/* libmicrohttpd's daemon, driven from our loop, and its last words on a request
 * that it refused itself. */

#include "common/err.h"
#include "server/complaint.h"
#include "server/core.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/* Who is called for what it reads. */
struct daemon_handlers {
    MHD_NotifyConnectionCallback connection; /* its owner: the daemon */
    void *(*start)(void *owner, const char *target, struct MHD_Connection *mhd);
    MHD_AccessHandlerCallback    request;
    MHD_RequestCompletedCallback completed;
    void                        *owner; /* of the last three */
};

struct daemon {
    struct core       *core;
    struct MHD_Daemon *mhd;
    struct watch       watch;
    /* On the request that is over next; "" = none. */
    char complaint[COMPLAINT_MAX];
};

bool MUST_USE daemon_start(struct daemon *daemon, unsigned connections_max,
                           const struct daemon_handlers *handlers,
                           struct err                   *err);
/* Ends every connection that it has; or no-op. */
void daemon_stop(struct daemon *daemon);

/* It reads what is here and writes what it has. */
void daemon_turn(struct daemon *daemon);
/* How long it can wait for its turn; -1 = until something comes. */
int64_t daemon_wait_ns(const struct daemon *daemon);

#endif
