/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_LOOP_H
#define SERVER_LOOP_H

/* One epoll for everything the server waits for: descriptors that somebody
 * watches, and the earliest timer (as a timerfd). A turn never blocks; the
 * owner of the server polls the epoll's own descriptor.
 *
 * A watch and a timer live in their owner's memory. Either may be taken off at
 * any moment, also by the callback of another one in the same turn. */

#include "common/clock.h"
#include "common/err.h"
#include "server/timer.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

struct watch {
    void (*ready)(void *owner);
    void    *owner;
    int      fd;
    bool     on; /* known to the epoll */
    uint32_t events; /* that made it ready, in this turn */
};

enum { LOOP_EVENTS_MAX = 64 };

struct loop {
    const struct clock *clock;
    int                 epoll_fd;
    int                 timer_fd;
    struct watch        timer_watch;
    struct timers       timers;
    int64_t             armed_ns; /* what timer_fd is set to */
    struct epoll_event  events[LOOP_EVENTS_MAX]; /* of the turn */
    int                 event_count;
    uint64_t            turn_count;
};

bool MUST_USE loop_start(struct loop *loop, const struct clock *clock,
                         struct err *err);
void loop_stop(struct loop *loop);

/* Adds a watch, or changes what it watches for; false with errno. */
bool loop_watch(struct loop *loop, struct watch *watch, uint32_t events);
void loop_unwatch(struct loop *loop, struct watch *watch); /* or no-op */

/* Resets the watched connection at once, also while another descriptor of it
 * is still open: its association is dissolved. SO_LINGER would wait for the
 * last. */
void loop_reset(const struct watch *watch);

/* due_ns is the clock's time. */
void loop_set_timer(struct loop *loop, struct timer *timer, int64_t due_ns);
void loop_cancel_timer(struct loop *loop, struct timer *timer); /* or no-op */

/* The clock is further ahead of real time than it was: what was to be waited
 * for is to be waited for less. */
void loop_clock_jumped(struct loop *loop);

/* Calls back what is ready, then what is due. */
void loop_turn(struct loop *loop);

#endif
