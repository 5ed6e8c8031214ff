/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_CLIENT_TIMERS_H
#define WARP_CLIENT_TIMERS_H

/* The timers that a client has armed: timerfd, alarm and setitimer, POSIX
 * timers. The kernel counts them in real time; one that a jump has made late
 * is made to go off, by arming it anew, in the client's name, with one
 * nanosecond, or, while nobody has read that it went off before, by counting
 * once more. What comes after (the signal, the count that a read gives, the
 * next interval) is the kernel's own doing. */

#include "common/clock.h"
#include "warp/wait.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct timer_kind;

struct client_timer {
    const struct timer_kind *kind;
    pid_t                    group;
    uint64_t                 id; /* a descriptor, or the timer's number */
    int64_t                  deadline_ns; /* as in struct wait */
    int64_t                  interval_ns; /* 0 = goes off once */
    bool                     late;
    bool                     wall; /* it goes off at a wall time */
    int unread; /* so often did it go off since its descriptor was read */
};

struct client_timers {
    struct client_timer *items;
    size_t               count;
};

/* The calls that arm or end a timer; false: there is no such index. */
bool client_timers_filter(size_t index, int64_t *number);

/* Notes what the call, which is about to begin, does to a timer; false: it is
 * none of these calls. */
bool client_timers_call(struct client_timers *list, pid_t tid, pid_t group,
                        const struct call *call, const struct clock *clock);

/* The process is gone, or (by exec) what it was is gone. */
void client_timers_forget(struct client_timers *list, pid_t group);
void client_timers_exec(struct client_timers *list, pid_t group);
void client_timers_clear(struct client_timers *list);

/* Takes out, or forward to their next interval, those that the kernel has let
 * go off in time. Before the client's threads are looked at: whom such a timer
 * has woken is awake by then, and one that goes off later is still in the list.
 * The kernel's interrupt may be a little late, so that one which is due stays
 * in the list for a while. */
void client_timers_settle(struct client_timers *list, int64_t now_ns);
void client_timers_jumped(struct client_timers *list);
/* The wall clock was set by so much. */
void client_timers_step_wall(struct client_timers *list, int64_t by_ns);
/* INT64_MAX = none is armed; late_only: of those that are late. */
int64_t client_timers_next_ns(const struct client_timers *list, bool late_only);

/* One that is late and due, of this process, or of any when group is 0; the
 * next one after `before` (NULL = the first). */
struct client_timer *client_timers_due(struct client_timers *list, pid_t group,
                                       int64_t                    now_ns,
                                       const struct client_timer *before);

/* The call that lets it go off; spec_at is room in the client's memory for
 * what *spec holds. */
enum { CLIENT_TIMERS_SPEC_BYTES = 32 };
struct call client_timers_fire(const struct client_timer *timer,
                               uint64_t                   spec_at,
                               unsigned char spec[CLIENT_TIMERS_SPEC_BYTES]);
/* It went off, now. */
void client_timers_fired(struct client_timers *list, struct client_timer *timer,
                         int64_t now_ns);

#endif
