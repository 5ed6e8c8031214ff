/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_TIMER_H
#define SERVER_TIMER_H

/* Timers in a binary heap, the earliest on top.
 *
 * A timer lives in its owner's memory; the heap only points at it. Each knows
 * its place, so that one can be moved or cancelled without a search. Pure: the
 * heap never asks for the time, it is told. */

#include <stdint.h>
#include <stddef.h>

struct timer {
    void (*fire)(void *owner);
    void   *owner;
    int64_t due_ns;
    size_t  place; /* 1 + index in the heap; 0 = not set */
};

struct timers {
    struct timer **items;
    size_t         count;
};

void timers_clear(struct timers *timers);
/* Sets a timer, or moves one that is set. */
void timers_set(struct timers *timers, struct timer *timer, int64_t due_ns);
void timers_cancel(struct timers *timers, struct timer *timer); /* or no-op */
/* When the earliest is due; INT64_MAX = none is set. */
int64_t timers_next_ns(const struct timers *timers);
/* Takes the earliest off the heap if it is due, else NULL. */
struct timer *timers_take_due(struct timers *timers, int64_t now_ns);

#endif
