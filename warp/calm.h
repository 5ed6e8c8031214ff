/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_CALM_H
#define WARP_CALM_H

/* Since when nothing has happened: nobody has been set going but threads that
 * keep a runtime's house (warp/housekeeping.h), and those only from one rest to
 * the next. While that is not long their rests are waited for like any wait.
 * For what happened may be what such a thread is to find when its rest is over;
 * and what only looks like a rest, in a runtime that nobody knows yet, is over
 * by then. Knows neither clock nor process: it is told. */

#include "common/clock.h"

#include <stdbool.h>
#include <stdint.h>

/* Longer than any nap that a runtime is known to take while somebody waits for
 * it: HotSpot, when it ends, for 10 s at most, until compilers are where they
 * can be stopped (runtime/vmOperations.cpp). */
#define CALM_NS (15 * NS_PER_S)

struct calm {
    bool    stirred;  /* something has happened since it was last asked */
    int64_t since_ns; /* virtual */
};

/* A thread when nobody did anything, the last time that this was so. */
struct calm_thread {
    uint64_t runs; /* how often it had been put on a processor; 0 = not there */
    bool     rested;
};

/* Whether the thread has been put on a processor since then, so that it is to
 * be asked whether it rests. */
bool calm_has_run(const struct calm_thread *thread, uint64_t runs);
/* It did nothing but rest, or something has happened. */
void calm_see(struct calm *calm, struct calm_thread *thread, uint64_t runs,
              bool rests);

/* When all have been seen: whether nothing has happened for that long. */
bool calm_lasts(struct calm *calm, int64_t now_ns, int64_t span_ns);

#endif
