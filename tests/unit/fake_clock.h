/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_FAKE_CLOCK_H
#define TESTS_UNIT_FAKE_CLOCK_H

/* A clock that stands still until it is moved. */

#include "common/clock.h"

struct clock_fake {
    struct clock clock; /* first, so that &fake.clock is the clock */
    int64_t      monotonic_now_ns;
    int64_t      wall_now_ns;
};

static inline int64_t fake_monotonic_ns(const struct clock *clock)
{
    return ((const struct clock_fake *)clock)->monotonic_now_ns;
}

static inline int64_t fake_wall_ns(const struct clock *clock)
{
    return ((const struct clock_fake *)clock)->wall_now_ns;
}

static inline void clock_fake_init(struct clock_fake *fake,
                                   int64_t monotonic_ns, int64_t wall_ns)
{
    *fake = (struct clock_fake){
        .clock = {.monotonic_ns = fake_monotonic_ns, .wall_ns = fake_wall_ns},
        .monotonic_now_ns = monotonic_ns,
        .wall_now_ns = wall_ns};
}

static inline void clock_fake_advance(struct clock_fake *fake, int64_t by_ns)
{
    fake->monotonic_now_ns += by_ns;
    fake->wall_now_ns += by_ns;
}

#endif
