/* SPDX-License-Identifier: Apache-2.0 */
#include "common/clock.h"

#include <assert.h>
#include <time.h>

static int64_t read_ns(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int64_t real_monotonic_ns(const struct clock *clock)
{
    (void)clock;
    return read_ns(CLOCK_MONOTONIC);
}

static int64_t real_wall_ns(const struct clock *clock)
{
    (void)clock;
    return read_ns(CLOCK_REALTIME);
}

static const struct clock real_clock = {
    .monotonic_ns = real_monotonic_ns,
    .wall_ns = real_wall_ns,
};

const struct clock *clock_real(void)
{
    return &real_clock;
}

int64_t clock_now_ns(const struct clock *clock)
{
    return clock->monotonic_ns(clock);
}

int64_t clock_wall_ns(const struct clock *clock)
{
    return clock->wall_ns(clock);
}

int64_t clock_cpu_ns(void)
{
    return read_ns(CLOCK_PROCESS_CPUTIME_ID);
}

bool clock_kernel_ns(int id, int64_t *now_ns)
{
    struct timespec now;

    if (clock_gettime(id, &now) != 0)
        return false;
    *now_ns = (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
    return true;
}

int64_t clock_boot_ahead_ns(void)
{
    return read_ns(CLOCK_BOOTTIME) - read_ns(CLOCK_MONOTONIC);
}

static const struct clock_shift *shift_of(const struct clock *clock)
{
    return ((const struct clock_jumping *)clock)->shift;
}

static int64_t jumping_monotonic_ns(const struct clock *clock)
{
    return read_ns(CLOCK_MONOTONIC) + shift_of(clock)->monotonic_ns;
}

static int64_t jumping_wall_ns(const struct clock *clock)
{
    return read_ns(CLOCK_REALTIME) + shift_of(clock)->wall_ns;
}

void clock_jumping_init(struct clock_jumping     *jumping,
                        const struct clock_shift *shift)
{
    assert(shift != NULL);
    jumping->clock.monotonic_ns = jumping_monotonic_ns;
    jumping->clock.wall_ns = jumping_wall_ns;
    jumping->shift = shift;
}
