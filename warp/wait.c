/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/wait.h"

#include "warp/memory.h"

#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef SYS_futex_wait
#define SYS_futex_wait 455
#endif
#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

/* How the time is told. */
enum form {
    FORM_MS,         /* milliseconds from now, as the argument itself */
    FORM_TIMESPEC,   /* from now */
    FORM_TIMEVAL,    /* from now */
    FORM_WALL,       /* a wall time */
    FORM_SLEEP,      /* clock_nanosleep: clock, flags, timespec */
    FORM_FUTEX,      /* by its operation */
    FORM_CLOCK_NEXT, /* a time of the clock that the next argument names */
};

/* What the kernel clears when the time is over. */
enum clears {
    CLEARS_NOTHING,
    CLEARS_TIME, /* what is left of it */
    CLEARS_SETS, /* that, and the sets of select */
};

/* call, form of its time, argument that holds it, result, what it clears */
#define WAIT_MAP(X)                                                            \
    X(SYS_nanosleep, FORM_TIMESPEC, 0, 0, CLEARS_NOTHING)                      \
    X(SYS_clock_nanosleep, FORM_SLEEP, 2, 0, CLEARS_NOTHING)                   \
    X(SYS_futex, FORM_FUTEX, 3, -ETIMEDOUT, CLEARS_NOTHING)                    \
    X(SYS_futex_waitv, FORM_CLOCK_NEXT, 3, -ETIMEDOUT, CLEARS_NOTHING)         \
    X(SYS_futex_wait, FORM_CLOCK_NEXT, 4, -ETIMEDOUT, CLEARS_NOTHING)          \
    X(SYS_poll, FORM_MS, 2, 0, CLEARS_NOTHING)                                 \
    X(SYS_ppoll, FORM_TIMESPEC, 2, 0, CLEARS_TIME)                             \
    X(SYS_select, FORM_TIMEVAL, 4, 0, CLEARS_SETS)                             \
    X(SYS_pselect6, FORM_TIMESPEC, 4, 0, CLEARS_SETS)                          \
    X(SYS_epoll_wait, FORM_MS, 3, 0, CLEARS_NOTHING)                           \
    X(SYS_epoll_pwait, FORM_MS, 3, 0, CLEARS_NOTHING)                          \
    X(SYS_epoll_pwait2, FORM_TIMESPEC, 3, 0, CLEARS_NOTHING)                   \
    X(SYS_rt_sigtimedwait, FORM_TIMESPEC, 2, -EAGAIN, CLEARS_NOTHING)          \
    X(SYS_semtimedop, FORM_TIMESPEC, 3, -EAGAIN, CLEARS_NOTHING)               \
    X(SYS_mq_timedsend, FORM_WALL, 4, -ETIMEDOUT, CLEARS_NOTHING)              \
    X(SYS_mq_timedreceive, FORM_WALL, 4, -ETIMEDOUT, CLEARS_NOTHING)           \
    X(SYS_io_getevents, FORM_TIMESPEC, 4, 0, CLEARS_NOTHING)

struct wait_kind {
    const char *name; /* as a header has it: SYS_... */
    int64_t     number;
    enum form   form;
    unsigned    argument;
    int64_t     result;
    enum clears clears;
};

static const struct wait_kind kinds[] = {
#define X(number, form, argument, result, clears)                              \
    {#number, number, form, argument, result, clears},
    WAIT_MAP(X)
#undef X
};

const uint32_t wait_futex_operations[WAIT_FUTEX_OPERATIONS] = {
    FUTEX_WAIT,     FUTEX_LOCK_PI, FUTEX_WAIT_BITSET, FUTEX_WAIT_REQUEUE_PI,
    FUTEX_LOCK_PI2,
};

bool wait_filter(size_t index, struct wait_filter *filter)
{
    const struct wait_kind *kind = &kinds[index];

    if (index >= sizeof kinds / sizeof kinds[0])
        return false;
    filter->number = kind->number;
    filter->argument = kind->argument;
    filter->is = kind->form == FORM_MS      ? WAIT_NUMBER
                 : kind->form == FORM_FUTEX ? WAIT_FUTEX
                                            : WAIT_POINTER;
    return true;
}

static const struct wait_kind *find(int64_t number)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].number == number)
            return &kinds[i];
    return NULL;
}

/* ---- when it is over ---- */

/* A time beyond what we can count is for ever. */
static int64_t after(int64_t now_ns, int64_t s, int64_t ns)
{
    if (s < 0 || ns < 0 || ns >= NS_PER_S ||
        s >= (INT64_MAX - now_ns) / NS_PER_S - 1)
        return -1;
    return now_ns + s * NS_PER_S + ns;
}

/* On the monotonic clock: the deadline that is `at` on the wall clock. */
static int64_t from_wall(int64_t at_ns, const struct clock *clock)
{
    if (at_ns < 0)
        return -1;
    return clock_now_ns(clock) + (at_ns - clock_wall_ns(clock));
}

/* -1: not known, or not in this time. */
static int64_t absolute(const struct timespec *at, uint64_t clock_id,
                        const struct clock *clock)
{
    int64_t at_ns = after(0, at->tv_sec, at->tv_nsec);

    switch (clock_id) {
    case CLOCK_REALTIME:
        return from_wall(at_ns, clock);
    case CLOCK_MONOTONIC:
        return at_ns;
    case CLOCK_BOOTTIME:
        return at_ns < 0 ? -1 : at_ns - clock_boot_ahead_ns();
    default:
        return -1;
    }
}

/* Without its flags. */
static unsigned futex_operation(const struct call *call)
{
    return (unsigned)call->args[1] & (unsigned)FUTEX_CMD_MASK;
}

static int64_t futex_deadline(const struct call     *call,
                              const struct timespec *time,
                              const struct clock    *clock)
{
    unsigned operation = (unsigned)call->args[1];

    switch (futex_operation(call)) {
    case FUTEX_WAIT:
        return after(clock_now_ns(clock), time->tv_sec, time->tv_nsec);
    case FUTEX_LOCK_PI:
        return absolute(time, CLOCK_REALTIME, clock);
    case FUTEX_WAIT_BITSET:
    case FUTEX_WAIT_REQUEUE_PI:
    case FUTEX_LOCK_PI2:
        return absolute(time,
                        operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME
                                                         : CLOCK_MONOTONIC,
                        clock);
    default:
        return -1;
    }
}

static int64_t sleep_deadline(const struct call     *call,
                              const struct timespec *time,
                              const struct clock    *clock)
{
    /* Clocks of used processor time run on as they do. */
    if (call->args[0] != CLOCK_REALTIME && call->args[0] != CLOCK_MONOTONIC &&
        call->args[0] != CLOCK_BOOTTIME)
        return -1;
    if (call->args[1] & TIMER_ABSTIME)
        return absolute(time, call->args[0], clock);
    return after(clock_now_ns(clock), time->tv_sec, time->tv_nsec);
}

static int64_t deadline(const struct wait_kind *kind, const struct call *call,
                        const struct timespec *time, const struct clock *clock)
{
    int64_t now_ns = clock_now_ns(clock);

    switch (kind->form) {
    case FORM_TIMEVAL:
        return after(now_ns, time->tv_sec + time->tv_nsec / 1000000,
                     time->tv_nsec % 1000000 * 1000);
    case FORM_WALL:
        return absolute(time, CLOCK_REALTIME, clock);
    case FORM_SLEEP:
        return sleep_deadline(call, time, clock);
    case FORM_FUTEX:
        return futex_deadline(call, time, clock);
    case FORM_CLOCK_NEXT:
        return absolute(time, call->args[kind->argument + 1], clock);
    default:
        return after(now_ns, time->tv_sec, time->tv_nsec);
    }
}

static bool is_absolute(const struct wait *wait)
{
    switch (wait->kind->form) {
    case FORM_WALL:
    case FORM_CLOCK_NEXT:
        return true;
    case FORM_SLEEP:
        return (wait->call.args[1] & TIMER_ABSTIME) != 0;
    case FORM_FUTEX:
        return futex_operation(&wait->call) != FUTEX_WAIT;
    default:
        return false;
    }
}

static bool is_until_wall(const struct wait *wait)
{
    const uint64_t *args = wait->call.args;

    switch (wait->kind->form) {
    case FORM_WALL:
        return true;
    case FORM_CLOCK_NEXT:
        return args[wait->kind->argument + 1] == CLOCK_REALTIME;
    case FORM_SLEEP:
        return is_absolute(wait) && args[0] == CLOCK_REALTIME;
    case FORM_FUTEX:
        return is_absolute(wait) &&
               (futex_operation(&wait->call) == FUTEX_LOCK_PI ||
                (args[1] & FUTEX_CLOCK_REALTIME) != 0);
    default:
        return false;
    }
}

void wait_step_wall(struct wait *wait, int64_t by_ns)
{
    if (wait->kind != NULL && is_until_wall(wait))
        wait->deadline_ns -= by_ns;
}

bool wait_begin(struct wait *wait, pid_t tid, const struct call *call,
                const struct clock *clock)
{
    const struct wait_kind *kind = find(call->number);
    struct timespec         time = {0};
    int64_t                 ms;

    *wait = (struct wait){0};
    if (kind == NULL)
        return false;
    if (kind->form == FORM_MS) {
        ms = (int32_t)call->args[kind->argument];
        if (ms <= 0)
            return false;
        time.tv_sec = ms / 1000;
        time.tv_nsec = ms % 1000 * NS_PER_MS;
    } else if (!memory_read(tid, call->args[kind->argument], &time,
                            sizeof time)) {
        return false;
    }
    wait->deadline_ns = deadline(kind, call, &time, clock);
    if (wait->deadline_ns < 0)
        return false;
    wait->kind = kind;
    wait->call = *call;
    wait->late = is_absolute(wait);
    wait->span_ns = wait->deadline_ns - clock_now_ns(clock);
    return true;
}

const char *wait_name(const struct wait *wait)
{
    assert(wait->kind != NULL);
    return wait->kind->name + strlen("SYS_");
}

struct wait wait_on_socket(const struct call *call, int64_t deadline_ns)
{
    static const struct wait_kind moved = {.name = "SYS_a socket's call",
                                           .result = -EAGAIN};
    static const struct wait_kind connected = {.name = "SYS_connect",
                                               .result = -EINPROGRESS};

    return (struct wait){
        .kind = call->number == SYS_connect ? &connected : &moved,
        .call = *call,
        .deadline_ns = deadline_ns,
    };
}

/* ---- that it is over ---- */

static void clear(pid_t tid, uint64_t address, size_t bytes)
{
    static const unsigned char zeros[8192];

    if (address != 0 && bytes <= sizeof zeros)
        memory_write(tid, address, zeros, bytes);
}

int64_t wait_over(const struct wait *wait, pid_t tid)
{
    const uint64_t *args = wait->call.args;
    size_t          set_bytes = ((size_t)args[0] + 63) / 64 * 8;

    assert(wait->late); /* else the kernel ends it */
    if (wait->kind->clears == CLEARS_SETS)
        for (unsigned i = 1; i <= 3; i++)
            clear(tid, args[i], set_bytes);
    if (wait->kind->clears != CLEARS_NOTHING)
        clear(tid, args[wait->kind->argument], sizeof(struct timespec));
    return wait->kind->result;
}

bool wait_same_call(const struct call *left, const struct call *right)
{
    /* A call that the kernel made again goes by this name. */
    return right->number == SYS_restart_syscall ||
           (left->number == right->number &&
            memcmp(left->args, right->args, sizeof left->args) == 0);
}
