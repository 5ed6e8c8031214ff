/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_WAIT_H
#define WARP_WAIT_H

/* A wait: a system call that ends by itself at some time.
 *
 * The kernel counts it in real time. Virtual time is never behind real time,
 * so the kernel never ends a wait too early; where a jump makes it too late,
 * the wait is interrupted and given, in the kernel's place, the result it has
 * when its time is over. That is no lie: the kernel says with its own result
 * (a restart code, or EINTR) that nothing had come until then. */

#include "common/clock.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { CALL_ARGS = 6 };

/* A system call as the client made it. */
struct call {
    int64_t  number;
    uint64_t args[CALL_ARGS];
};

/* The right one is the left one, which the kernel may have made again. */
bool wait_same_call(const struct call *left, const struct call *right);

struct wait_kind;

struct wait {
    const struct wait_kind *kind; /* NULL = does not wait */
    struct call             call;
    int64_t                 deadline_ns; /* on the client's monotonic clock */
    int64_t                 span_ns; /* what was left to it when it began */
    uint64_t runs; /* of its thread, when it was found in it; 0 = not asked */
    bool     late; /* the kernel would end it after its deadline */
};

/* Reads what the call, which is about to begin, waits for. False: it does not
 * wait, or for ever. */
bool wait_begin(struct wait *wait, pid_t tid, const struct call *call,
                const struct clock *clock);
/* The wall clock was set by so much: a wait until a wall time moves. */
void wait_step_wall(struct wait *wait, int64_t by_ns);
/* Leaves in the client's memory what the kernel leaves there when the time is
 * over, and gives the call's result. */
int64_t wait_over(const struct wait *wait, pid_t tid);

/* One that a socket's own timeout ends. */
struct wait wait_on_socket(const struct call *call, int64_t deadline_ns);

/* The call's name, for people. */
const char *wait_name(const struct wait *wait);

/* For the seccomp filter: each call that may wait, and the argument which says
 * whether it does. */
enum wait_argument {
    WAIT_POINTER, /* 0 = for ever */
    WAIT_NUMBER,  /* 0 = not at all, below 0 = for ever */
    WAIT_FUTEX,   /* a pointer, for some of its operations */
};

struct wait_filter {
    int64_t            number;
    unsigned           argument;
    enum wait_argument is;
};

/* False: there is no such index. */
bool wait_filter(size_t index, struct wait_filter *filter);

/* The operations of futex that take a timeout. */
enum { WAIT_FUTEX_OPERATIONS = 5 };
extern const uint32_t wait_futex_operations[WAIT_FUTEX_OPERATIONS];

#endif
