/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_SOCKET_TIMEOUTS_H
#define WARP_SOCKET_TIMEOUTS_H

/* How long a client's sockets wait: SO_RCVTIMEO and SO_SNDTIMEO. The calls
 * that wait so do not stop at the tracer; a thread is found in one when
 * everybody sleeps, and its wait is taken to have begun then. */

#include "common/clock.h"
#include "warp/wait.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* For the filter: the level and the options of setsockopt that matter, from
 * the kernel's asm-generic/socket.h. */
enum { SOCKET_TIMEOUT_LEVEL = 1, SOCKET_TIMEOUT_OPTIONS = 4 };
extern const uint32_t socket_timeout_options[SOCKET_TIMEOUT_OPTIONS];

struct socket_timeout {
    pid_t    group;
    int      fd;
    uint64_t inode; /* of the socket; a number may be used again */
    int64_t  receive_ns; /* 0 = for ever */
    int64_t  send_ns;
};

struct socket_timeouts {
    struct socket_timeout *items;
    size_t                 count;
};

/* Notes what a setsockopt that is about to begin says; false: it is another
 * call. */
bool socket_timeouts_call(struct socket_timeouts *list, pid_t tid, pid_t group,
                          const struct call *call);
void socket_timeouts_forget(struct socket_timeouts *list, pid_t group);
void socket_timeouts_clear(struct socket_timeouts *list);

/* The wait of a thread that sleeps in this call; false: it has no end. */
bool socket_timeouts_wait(const struct socket_timeouts *list, pid_t group,
                          const struct call *call, const struct clock *clock,
                          struct wait *wait);

#endif
