/* SPDX-License-Identifier: Apache-2.0 */
/* The vDSO that a client under the jumping clock is given in place of the
 * kernel's: it asks the kernel's own and adds the shift, so that reading the
 * time costs no system call and no stop. Built apart from Retrial, as a shared
 * object that needs nothing (CMakeLists.txt). warp/vdso.c maps it, and the
 * page with the shift behind it. */

#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#define HIDDEN   __attribute__((visibility("hidden")))
#define SHOWN(f) __attribute__((visibility("default"), alias(#f)))

#define NS_PER_S INT64_C(1000000000)

/* As in common/clock.h. */
struct clock_shift {
    int64_t monotonic_ns;
    int64_t wall_ns;
};

/* Both are placed by vdso.lds. */
extern const volatile struct clock_shift shift HIDDEN;
/* The kernel's clock_gettime in this process; written by the tracer. */
extern int (*const volatile original)(clockid_t, struct timespec *) HIDDEN;

int __vdso_clock_gettime(clockid_t id, struct timespec *time);
int __vdso_gettimeofday(struct timeval *time, void *zone);
int64_t __vdso_time(int64_t *time);

static long call(long number, long first, long second)
{
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second)
                     : "rcx", "r11", "memory");
    return result;
}

static int get_shifted(clockid_t id, struct timespec *time, int64_t ns)
{
    original(id, time);
    ns += time->tv_nsec;
    time->tv_sec += ns / NS_PER_S;
    time->tv_nsec = ns % NS_PER_S;
    if (time->tv_nsec < 0) {
        time->tv_nsec += NS_PER_S;
        time->tv_sec--;
    }
    return 0;
}

static int get(clockid_t id, struct timespec *time)
{
    switch (id) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
        return get_shifted(id, time, shift.wall_ns);
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_MONOTONIC_RAW:
        return get_shifted(id, time, shift.monotonic_ns);
    default:
        /* The filter knows which of these are shifted. */
        return (int)call(SYS_clock_gettime, id, (long)time);
    }
}

static int get_of_day(struct timeval *time, void *zone)
{
    struct timespec now;

    if (zone != 0)
        return (int)call(SYS_gettimeofday, (long)time, (long)zone);
    if (time != 0) {
        get(CLOCK_REALTIME, &now);
        time->tv_sec = now.tv_sec;
        time->tv_usec = now.tv_nsec / 1000;
    }
    return 0;
}

static int64_t get_seconds(int64_t *time)
{
    struct timespec now;

    get(CLOCK_REALTIME, &now);
    if (time != 0)
        *time = now.tv_sec;
    return now.tv_sec;
}

int __vdso_clock_gettime(clockid_t id, struct timespec *time) SHOWN(get);
int __vdso_gettimeofday(struct timeval *time, void *zone) SHOWN(get_of_day);
int64_t __vdso_time(int64_t *time) SHOWN(get_seconds);
