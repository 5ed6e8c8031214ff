/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/client_timers.h"

#include "common/alloc.h"
#include "common/proc.h"
#include "warp/memory.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

enum { FILE_BYTES_MAX = 16 * 1024 };

/* So long after its time the kernel has let a timer go off, and its thread is
 * awake or has been. */
#define GONE_OFF_NS (20 * NS_PER_MS)

/* An interval timer that went off so late is let go off by us the next time,
 * too, which is then so much before the kernel would. */
#define STRAY_NS (100 * NS_PER_MS)

/* Sets what a read of a timerfd gives. <linux/timerfd.h> has it, and minds
 * <sys/timerfd.h>. A kernel that was built without it answers ENOTTY, and the
 * read gives what it gave. */
#define SET_TICKS _IOW('T', 0, uint64_t)

/* How a call tells its time. */
enum form {
    FORM_SPEC,    /* id, flags, struct itimerspec */
    FORM_VALUE,   /* which, struct itimerval */
    FORM_SECONDS, /* seconds */
    FORM_DELETE,  /* id */
};

enum family { FAMILY_FD, FAMILY_PROCESS, FAMILY_POSIX };

struct timer_kind {
    int64_t     number;
    enum family family;
    enum form   form;
};

static const struct timer_kind kinds[] = {
    {SYS_timerfd_settime, FAMILY_FD, FORM_SPEC},
    {SYS_setitimer, FAMILY_PROCESS, FORM_VALUE},
#ifdef SYS_alarm
    {SYS_alarm, FAMILY_PROCESS, FORM_SECONDS},
#endif
    {SYS_timer_settime, FAMILY_POSIX, FORM_SPEC},
    {SYS_timer_delete, FAMILY_POSIX, FORM_DELETE},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

bool client_timers_filter(size_t index, int64_t *number)
{
    if (index >= KINDS)
        return false;
    *number = kinds[index].number;
    return true;
}

/* ---- the list ---- */

static void remove_at(struct client_timers *list, size_t place)
{
    assert(place < list->count);
    list->items[place] = list->items[--list->count];
}

static void forget(struct client_timers *list, const struct client_timer *timer)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i].kind->family == timer->kind->family &&
            list->items[i].group == timer->group &&
            list->items[i].id == timer->id)
            remove_at(list, i);
}

static void keep(struct client_timers *list, const struct client_timer *timer)
{
    assert(timer->kind != NULL && timer->kind->form != FORM_DELETE);
    list->items =
        alloc_one_more(list->items, list->count, sizeof list->items[0]);
    list->items[list->count++] = *timer;
}

void client_timers_forget(struct client_timers *list, pid_t group)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i].group == group)
            remove_at(list, i);
}

void client_timers_exec(struct client_timers *list, pid_t group)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i].group == group &&
            list->items[i].kind->family == FAMILY_POSIX)
            remove_at(list, i);
}

void client_timers_clear(struct client_timers *list)
{
    alloc_free(list->items);
    *list = (struct client_timers){0};
}

/* ---- what the kernel knows of a timer ---- */

/* Of a timerfd. */
static void read_fdinfo(const struct client_timer *timer,
                        char                       text[FILE_BYTES_MAX])
{
    char name[64];

    snprintf(name, sizeof name, "fdinfo/%d", (int)timer->id);
    proc_read(timer->group, name, text, FILE_BYTES_MAX);
}

/* -1 = not known. */
static int clock_of(const struct client_timer *timer)
{
    char        text[FILE_BYTES_MAX];
    char        name[32];
    const char *entry;

    if (timer->kind->family == FAMILY_PROCESS)
        return CLOCK_MONOTONIC;
    if (timer->kind->family == FAMILY_FD) {
        read_fdinfo(timer, text);
        return (int)proc_number_after(text, "clockid: ");
    }
    snprintf(name, sizeof name, "ID: %d\n", (int)timer->id);
    proc_read(timer->group, "timers", text, sizeof text);
    entry = strncmp(text, name, strlen(name)) == 0 ? text : strstr(text, name);
    return entry != NULL ? (int)proc_number_after(entry, "ClockID: ") : -1;
}

/* ---- noting ---- */

static int64_t to_ns(int64_t s, int64_t ns)
{
    if (s < 0 || ns < 0 || s > INT64_MAX / NS_PER_S / 4)
        return -1;
    return s * NS_PER_S + ns;
}

/* How long until it goes off; 0 = it is disarmed, -1 = not in time that can
 * be counted. */
static int64_t span_of(struct client_timer *timer, const struct call *call,
                       const struct timespec *value, const struct clock *clock)
{
    int     id = clock_of(timer);
    int64_t span_ns = to_ns(value->tv_sec, value->tv_nsec);

    if (span_ns <= 0)
        return span_ns;
    if (id != CLOCK_REALTIME && id != CLOCK_MONOTONIC && id != CLOCK_BOOTTIME)
        return -1;
    if (timer->kind->form != FORM_SPEC ||
        (call->args[1] & TFD_TIMER_ABSTIME) == 0)
        return span_ns;
    timer->late = true;
    timer->wall = id == CLOCK_REALTIME;
    if (id == CLOCK_REALTIME)
        span_ns -= clock_wall_ns(clock);
    else
        span_ns -= clock_now_ns(clock);
    return span_ns > 0 ? span_ns : 1;
}

static bool read_time(const struct client_timer *timer, pid_t tid,
                      const struct call *call, struct itimerspec *spec)
{
    struct itimerval value;

    *spec = (struct itimerspec){0};
    switch (timer->kind->form) {
    case FORM_SPEC:
        return memory_read(tid, call->args[2], spec, sizeof *spec);
    case FORM_VALUE:
        if (!memory_read(tid, call->args[1], &value, sizeof value))
            return false;
        spec->it_value = (struct timespec){value.it_value.tv_sec,
                                           value.it_value.tv_usec * NS_PER_US};
        spec->it_interval = (struct timespec){
            value.it_interval.tv_sec, value.it_interval.tv_usec * NS_PER_US};
        return true;
    case FORM_SECONDS:
        spec->it_value.tv_sec = (time_t)(uint32_t)call->args[0];
        return true;
    case FORM_DELETE:
        return true;
    }
    return false;
}

bool client_timers_call(struct client_timers *list, pid_t tid, pid_t group,
                        const struct call *call, const struct clock *clock)
{
    struct client_timer timer = {.group = group};
    struct itimerspec   spec;
    int64_t             span_ns;

    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].number == call->number)
            timer.kind = &kinds[i];
    if (timer.kind == NULL)
        return false;
    /* ITIMER_VIRTUAL and ITIMER_PROF count used processor time. */
    if (call->number == SYS_setitimer && call->args[0] != ITIMER_REAL)
        return true;
    if (timer.kind->family != FAMILY_PROCESS)
        timer.id = call->args[0];
    if (!read_time(&timer, tid, call, &spec))
        return true;
    forget(list, &timer);
    span_ns = span_of(&timer, call, &spec.it_value, clock);
    if (span_ns <= 0)
        return true;
    timer.deadline_ns = clock_now_ns(clock) + span_ns;
    timer.interval_ns =
        to_ns(spec.it_interval.tv_sec, spec.it_interval.tv_nsec);
    keep(list, &timer);
    return true;
}

/* ---- going off ---- */

/* False: it goes off no more. */
static bool go_forward(struct client_timer *timer, int64_t now_ns)
{
    assert(timer->deadline_ns <= now_ns);
    if (timer->interval_ns <= 0)
        return false;
    timer->deadline_ns +=
        ((now_ns - timer->deadline_ns) / timer->interval_ns + 1) *
        timer->interval_ns;
    return true;
}

void client_timers_settle(struct client_timers *list, int64_t now_ns)
{
    for (size_t i = list->count; i-- > 0;)
        if (!list->items[i].late &&
            list->items[i].deadline_ns <= now_ns - GONE_OFF_NS &&
            !go_forward(&list->items[i], now_ns))
            remove_at(list, i);
}

void client_timers_jumped(struct client_timers *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->items[i].late = true;
}

void client_timers_step_wall(struct client_timers *list, int64_t by_ns)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].wall) {
            list->items[i].deadline_ns -= by_ns;
            list->items[i].late = true; /* the kernel's clock was not set */
        }
}

int64_t client_timers_next_ns(const struct client_timers *list, bool late_only)
{
    int64_t next_ns = INT64_MAX;

    for (size_t i = 0; i < list->count; i++)
        if ((list->items[i].late || !late_only) &&
            list->items[i].deadline_ns < next_ns)
            next_ns = list->items[i].deadline_ns;
    return next_ns;
}

/* A descriptor may have been closed, and another have its number. One that
 * went off and was not read since shows no time that is left: it is armed for
 * all that, if it has an interval. */
static bool still_armed(struct client_timer *timer)
{
    char text[FILE_BYTES_MAX];

    timer->unread = 0;
    if (timer->kind->family != FAMILY_FD)
        return true;
    read_fdinfo(timer, text);
    if (strstr(text, "it_value: (") == NULL)
        return false;
    if (timer->interval_ns > 0)
        timer->unread = (int)proc_number_after(text, "ticks: ");
    return timer->unread > 0 || strstr(text, "it_value: (0, 0)") == NULL;
}

struct client_timer *client_timers_due(struct client_timers *list, pid_t group,
                                       int64_t                    now_ns,
                                       const struct client_timer *before)
{
    size_t i = before != NULL ? (size_t)(before - list->items) : list->count;

    assert(i <= list->count);
    while (i-- > 0) {
        struct client_timer *timer = &list->items[i];

        if (!timer->late || timer->deadline_ns > now_ns ||
            (group != 0 && timer->group != group))
            continue;
        if (still_armed(timer))
            return timer;
        remove_at(list, i);
    }
    return NULL;
}

struct call client_timers_fire(const struct client_timer *timer,
                               uint64_t                   spec_at,
                               unsigned char spec[CLIENT_TIMERS_SPEC_BYTES])
{
    const int64_t     interval_ns = timer->interval_ns;
    struct itimerspec soon = {
        .it_interval = {interval_ns / NS_PER_S, interval_ns % NS_PER_S},
        .it_value = {.tv_nsec = 1},
    };
    struct itimerval soon_us = {
        .it_interval = {interval_ns / NS_PER_S,
                        interval_ns % NS_PER_S / NS_PER_US},
        .it_value = {.tv_usec = 1},
    };

    const uint64_t ticks = (uint64_t)timer->unread + 1;

    assert(timer->kind->form != FORM_DELETE);
    /* Armed anew it would forget them. */
    if (timer->unread > 0) {
        memcpy(spec, &ticks, sizeof ticks);
        return (struct call){SYS_ioctl, {timer->id, SET_TICKS, spec_at, 0}};
    }
    if (timer->kind->family == FAMILY_PROCESS) {
        memcpy(spec, &soon_us, CLIENT_TIMERS_SPEC_BYTES);
        return (struct call){SYS_setitimer, {ITIMER_REAL, spec_at, 0}};
    }
    memcpy(spec, &soon, CLIENT_TIMERS_SPEC_BYTES);
    return (struct call){timer->kind->number, {timer->id, 0, spec_at, 0}};
}

void client_timers_fired(struct client_timers *list, struct client_timer *timer,
                         int64_t now_ns)
{
    assert(timer >= list->items && timer < list->items + list->count);
    /* The kernel counts the next interval from now. After a step of the wall
     * clock that is another time than was asked for. */
    timer->late = now_ns - timer->deadline_ns > STRAY_NS;
    if (timer->interval_ns > 0)
        timer->deadline_ns += timer->interval_ns;
    else
        remove_at(list, (size_t)(timer - list->items));
}
