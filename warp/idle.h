/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_IDLE_H
#define WARP_IDLE_H

/* Whether there was a moment at which nobody did anything, and what was waited
 * for then. Time may jump only after such a moment, and no further.
 *
 * Threads can be looked at only one after the other, and while one is looked
 * at another may run. So each is looked at twice: a thread that was asleep at
 * both looks, and was never put on a processor in between, slept all the time
 * from its first look to its second. (One that was woken is not asleep,
 * although it has yet to be put on a processor.) What the wire says is asked
 * after the last first look and before the first second look; at that moment,
 * then, all of them slept, and nothing was under way that would wake one.
 *
 * Real time runs on meanwhile, so that a wait may end by itself while the
 * earliest is looked for, and its thread stand in another call. So all are
 * asked once more, last, whether they were put on a processor: if none was,
 * what was read is of that moment.
 *
 * Knows neither ptrace nor sockets: it is told what was seen. The unit test
 * warp_idle walks every order of events of a small world through it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idle_world {
    void  *data;
    size_t count; /* of threads */
    /* How often the thread was put on a processor; 0 = nobody knows. */
    uint64_t (*runs)(void *data, size_t index);
    /* It was off the processor, in a sleep that only an event ends, when it
     * had been put on one as often as runs has just said. */
    bool (*asleep)(void *data, size_t index);
    /* It sleeps and nobody has woken it, if runs will say the same again. */
    bool (*still_asleep)(void *data, size_t index);
    /* Nothing is on the way between client and server, and the server has
     * nothing to do before its next timer. */
    bool (*quiet)(void *data);
    /* The earliest time at which one of those that sleep now is to wake. */
    int64_t (*next_ns)(void *data);
};

/* The earliest time at which a thread was to wake, at a moment when nobody did
 * anything; false: there was no such moment. runs has room for count
 * numbers. */
bool idle_next(const struct idle_world *world, uint64_t *runs,
               int64_t *next_ns);

#endif
