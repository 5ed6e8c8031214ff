/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/clock_call.h"

#include "warp/memory.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

/* clock, its member in struct clock_shift */
#define CLOCK_MAP(X)                                                           \
    X(CLOCK_REALTIME, wall_ns)                                                 \
    X(CLOCK_MONOTONIC, monotonic_ns)                                           \
    X(CLOCK_MONOTONIC_RAW, monotonic_ns)                                       \
    X(CLOCK_REALTIME_COARSE, wall_ns)                                          \
    X(CLOCK_MONOTONIC_COARSE, monotonic_ns)                                    \
    X(CLOCK_BOOTTIME, monotonic_ns)                                            \
    X(CLOCK_REALTIME_ALARM, wall_ns)                                           \
    X(CLOCK_BOOTTIME_ALARM, monotonic_ns)                                      \
    X(CLOCK_TAI, wall_ns)

uint32_t clock_call_clocks(void)
{
    uint32_t clocks = 0;

#define X(id, member) clocks |= UINT32_C(1) << (id);
    CLOCK_MAP(X)
#undef X
    return clocks;
}

static int64_t shift_of(const struct clock_shift *shift, uint64_t id)
{
    switch (id) {
#define X(clock, member)                                                       \
    case clock:                                                                \
        return shift->member;
        CLOCK_MAP(X)
#undef X
    default:
        return 0;
    }
}

static int64_t give_timespec(const struct clock_shift *shift, pid_t tid,
                             const struct call *call)
{
    int64_t         now_ns;
    struct timespec time;

    if (!clock_kernel_ns((int)call->args[0], &now_ns))
        return -EINVAL;
    now_ns += shift_of(shift, call->args[0]);
    time.tv_sec = now_ns / NS_PER_S;
    time.tv_nsec = now_ns % NS_PER_S;
    return memory_write(tid, call->args[1], &time, sizeof time) ? 0 : -EFAULT;
}

static int64_t wall_ns(const struct clock_shift *shift)
{
    return clock_wall_ns(clock_real()) + shift->wall_ns;
}

static int64_t give_timeval(const struct clock_shift *shift, pid_t tid,
                            const struct call *call)
{
    const struct timezone utc = {0};
    int64_t               now_ns = wall_ns(shift);
    struct timeval        time = {.tv_sec = now_ns / NS_PER_S,
                                  .tv_usec = now_ns % NS_PER_S / NS_PER_US};

    if (call->args[0] != 0 &&
        !memory_write(tid, call->args[0], &time, sizeof time))
        return -EFAULT;
    if (call->args[1] != 0 &&
        !memory_write(tid, call->args[1], &utc, sizeof utc))
        return -EFAULT;
    return 0;
}

static int64_t give_seconds(const struct clock_shift *shift, pid_t tid,
                            const struct call *call)
{
    int64_t now_s = wall_ns(shift) / NS_PER_S;

    if (call->args[0] != 0 &&
        !memory_write(tid, call->args[0], &now_s, sizeof now_s))
        return -EFAULT;
    return now_s;
}

bool clock_call(const struct clock_shift *shift, pid_t tid,
                const struct call *call, int64_t *result)
{
    switch (call->number) {
    case SYS_clock_gettime:
        *result = give_timespec(shift, tid, call);
        return true;
#ifdef SYS_gettimeofday
    case SYS_gettimeofday:
        *result = give_timeval(shift, tid, call);
        return true;
#endif
#ifdef SYS_time
    case SYS_time:
        *result = give_seconds(shift, tid, call);
        return true;
#endif
    default:
        return false;
    }
}
