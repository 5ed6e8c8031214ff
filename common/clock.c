#include "common/clock.h"

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

static int64_t fake_monotonic_ns(const struct clock *clock)
{
    return ((const struct clock_fake *)clock)->monotonic_now_ns;
}

static int64_t fake_wall_ns(const struct clock *clock)
{
    return ((const struct clock_fake *)clock)->wall_now_ns;
}

void clock_fake_init(struct clock_fake *fake, int64_t monotonic_ns,
                     int64_t wall_ns)
{
    fake->clock.monotonic_ns = fake_monotonic_ns;
    fake->clock.wall_ns = fake_wall_ns;
    fake->monotonic_now_ns = monotonic_ns;
    fake->wall_now_ns = wall_ns;
}

void clock_fake_advance(struct clock_fake *fake, int64_t by_ns)
{
    fake->monotonic_now_ns += by_ns;
    fake->wall_now_ns += by_ns;
}
