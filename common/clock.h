/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

/* The only clock of the house. Whoever needs the time is handed a clock; only
 * clock.c asks the kernel. Durations and gaps are monotonic int64 nanoseconds;
 * wall time serves HTTP-dates and nothing else. */

#include <stdbool.h>
#include <stdint.h>

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)

struct clock {
    int64_t (*monotonic_ns)(const struct clock *clock);
    int64_t (*wall_ns)(const struct clock *clock); /* since 1970, UTC */
};

const struct clock *clock_real(void);

int64_t clock_now_ns(const struct clock *clock);
int64_t clock_wall_ns(const struct clock *clock);

/* Of two times, or two spans. */
static inline int64_t clock_earlier_ns(int64_t left_ns, int64_t right_ns)
{
    return left_ns < right_ns ? left_ns : right_ns;
}

static inline int64_t clock_later_ns(int64_t left_ns, int64_t right_ns)
{
    return left_ns > right_ns ? left_ns : right_ns;
}

/* Of two waits; -1 = for ever. */
static inline int64_t clock_sooner_ns(int64_t left_ns, int64_t right_ns)
{
    if (left_ns < 0)
        return right_ns;
    return right_ns < 0 || left_ns < right_ns ? left_ns : right_ns;
}

/* Processor time that this process has used: for budgets of computing, which
 * a busy machine must not eat. */
int64_t clock_cpu_ns(void);

/* Any clock of the kernel's, for who answers a client in its place; false:
 * there is no such clock. */
bool clock_kernel_ns(int id, int64_t *now_ns);
/* How far the clock that counts sleep of the whole machine is ahead of the
 * monotonic one. */
int64_t clock_boot_ahead_ns(void);

/* How far a clock that jumps is ahead of the kernel's. */
struct clock_shift {
    int64_t monotonic_ns; /* never shrinks */
    int64_t wall_ns;
};

/* A clock that runs as the real one does and is moved ahead now and then, by
 * whoever owns the shift (warp/). */
struct clock_jumping {
    struct clock              clock; /* first: its address is the whole's */
    const struct clock_shift *shift;
};

void clock_jumping_init(struct clock_jumping     *jumping,
                        const struct clock_shift *shift);

#endif
