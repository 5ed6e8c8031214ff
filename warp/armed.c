#include "warp/armed.h"

#include "common/alloc.h"
#include "common/text.h"
#include "warp/memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

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

bool armed_filter(size_t index, int64_t *number)
{
    if (index >= KINDS)
        return false;
    *number = kinds[index].number;
    return true;
}

/* ---- the list ---- */

static void remove_at(struct armed_list *list, size_t place)
{
    list->items[place] = list->items[--list->count];
}

static void forget(struct armed_list *list, const struct armed *armed)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i].kind->family == armed->kind->family &&
            list->items[i].group == armed->group &&
            list->items[i].id == armed->id)
            remove_at(list, i);
}

static void keep(struct armed_list *list, const struct armed *armed)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity > 0 ? list->capacity * 2 : 16;
        list->items =
            alloc_grow(list->items, list->capacity, sizeof list->items[0]);
    }
    list->items[list->count++] = *armed;
}

void armed_forget(struct armed_list *list, pid_t group)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i].group == group)
            remove_at(list, i);
}

void armed_exec(struct armed_list *list, pid_t group)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i].group == group &&
            list->items[i].kind->family == FAMILY_POSIX)
            remove_at(list, i);
}

void armed_clear(struct armed_list *list)
{
    alloc_free(list->items);
    *list = (struct armed_list){0};
}

/* ---- what the kernel knows of a timer ---- */

static const char *read_file(const char *path, char text[FILE_BYTES_MAX])
{
    int     fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, FILE_BYTES_MAX - 1);

    if (fd >= 0)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static int number_after(const char *text, const char *name)
{
    const char *at = text != NULL ? strstr(text, name) : NULL;
    int         number = 0;

    if (at == NULL)
        return -1;
    for (at += strlen(name); *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (*at - '0');
    return number;
}

/* -1 = not known. */
static int clock_of(const struct armed *armed)
{
    char  text[FILE_BYTES_MAX];
    char  path[64];
    char *entry;
    char  name[32];

    if (armed->kind->family == FAMILY_PROCESS)
        return CLOCK_MONOTONIC;
    if (armed->kind->family == FAMILY_FD) {
        snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)armed->group,
                 (int)armed->id);
        return number_after(read_file(path, text), "clockid: ");
    }
    snprintf(path, sizeof path, "/proc/%d/timers", (int)armed->group);
    snprintf(name, sizeof name, "ID: %d\n", (int)armed->id);
    read_file(path, text);
    entry = strncmp(text, name, strlen(name)) == 0 ? text : strstr(text, name);
    return number_after(entry, "ClockID: ");
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
static int64_t span_of(struct armed *armed, const struct call *call,
                       const struct timespec *value, const struct clock *clock)
{
    int     id = clock_of(armed);
    int64_t span_ns = to_ns(value->tv_sec, value->tv_nsec);

    if (span_ns <= 0)
        return span_ns;
    if (id != CLOCK_REALTIME && id != CLOCK_MONOTONIC && id != CLOCK_BOOTTIME)
        return -1;
    if (armed->kind->form != FORM_SPEC ||
        (call->args[1] & TFD_TIMER_ABSTIME) == 0)
        return span_ns;
    armed->late = true;
    armed->wall = id == CLOCK_REALTIME;
    if (id == CLOCK_REALTIME)
        span_ns -= clock_wall_ns(clock);
    else
        span_ns -= clock_now_ns(clock);
    return span_ns > 0 ? span_ns : 1;
}

static bool read_time(const struct armed *armed, pid_t tid,
                      const struct call *call, struct itimerspec *spec)
{
    struct itimerval value;

    *spec = (struct itimerspec){0};
    switch (armed->kind->form) {
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

bool armed_call(struct armed_list *list, pid_t tid, pid_t group,
                const struct call *call, const struct clock *clock)
{
    struct armed      armed = {.group = group};
    struct itimerspec spec;
    int64_t           span_ns;

    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].number == call->number)
            armed.kind = &kinds[i];
    if (armed.kind == NULL)
        return false;
    /* ITIMER_VIRTUAL and ITIMER_PROF count used processor time. */
    if (call->number == SYS_setitimer && call->args[0] != ITIMER_REAL)
        return true;
    if (armed.kind->family != FAMILY_PROCESS)
        armed.id = call->args[0];
    if (!read_time(&armed, tid, call, &spec))
        return true;
    forget(list, &armed);
    span_ns = span_of(&armed, call, &spec.it_value, clock);
    if (span_ns <= 0)
        return true;
    armed.deadline_ns = clock_now_ns(clock) + span_ns;
    armed.interval_ns =
        to_ns(spec.it_interval.tv_sec, spec.it_interval.tv_nsec);
    keep(list, &armed);
    return true;
}

/* ---- going off ---- */

/* False: it goes off no more. */
static bool go_forward(struct armed *armed, int64_t now_ns)
{
    if (armed->interval_ns <= 0)
        return false;
    armed->deadline_ns +=
        ((now_ns - armed->deadline_ns) / armed->interval_ns + 1) *
        armed->interval_ns;
    return true;
}

void armed_settle(struct armed_list *list, int64_t now_ns)
{
    for (size_t i = list->count; i-- > 0;)
        if (!list->items[i].late &&
            list->items[i].deadline_ns <= now_ns - GONE_OFF_NS &&
            !go_forward(&list->items[i], now_ns))
            remove_at(list, i);
}

void armed_jumped(struct armed_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->items[i].late = true;
}

void armed_step_wall(struct armed_list *list, int64_t by_ns)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].wall) {
            list->items[i].deadline_ns -= by_ns;
            list->items[i].late = true; /* the kernel's clock was not set */
        }
}

int64_t armed_next_ns(const struct armed_list *list, bool late_only)
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
static bool still_armed(struct armed *armed)
{
    char text[FILE_BYTES_MAX];
    char path[64];

    armed->unread = 0;
    if (armed->kind->family != FAMILY_FD)
        return true;
    snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)armed->group,
             (int)armed->id);
    read_file(path, text);
    if (strstr(text, "it_value: (") == NULL)
        return false;
    if (armed->interval_ns > 0)
        armed->unread = number_after(text, "ticks: ");
    return armed->unread > 0 || strstr(text, "it_value: (0, 0)") == NULL;
}

struct armed *armed_due(struct armed_list *list, pid_t group, int64_t now_ns,
                        const struct armed *before)
{
    size_t i = before != NULL ? (size_t)(before - list->items) : list->count;

    while (i-- > 0) {
        struct armed *armed = &list->items[i];

        if (!armed->late || armed->deadline_ns > now_ns ||
            (group != 0 && armed->group != group))
            continue;
        if (still_armed(armed))
            return armed;
        remove_at(list, i);
    }
    return NULL;
}

struct call armed_fire(const struct armed *armed, uint64_t spec_at,
                       unsigned char spec[ARMED_SPEC_BYTES])
{
    const int64_t     interval_ns = armed->interval_ns;
    struct itimerspec soon = {
        .it_interval = {interval_ns / NS_PER_S, interval_ns % NS_PER_S},
        .it_value = {.tv_nsec = 1},
    };
    struct itimerval soon_us = {
        .it_interval = {interval_ns / NS_PER_S,
                        interval_ns % NS_PER_S / NS_PER_US},
        .it_value = {.tv_usec = 1},
    };

    const uint64_t ticks = (uint64_t)armed->unread + 1;

    /* Armed anew it would forget them. */
    if (armed->unread > 0) {
        memcpy(spec, &ticks, sizeof ticks);
        return (struct call){SYS_ioctl, {armed->id, SET_TICKS, spec_at, 0}};
    }
    if (armed->kind->family == FAMILY_PROCESS) {
        memcpy(spec, &soon_us, ARMED_SPEC_BYTES);
        return (struct call){SYS_setitimer, {ITIMER_REAL, spec_at, 0}};
    }
    memcpy(spec, &soon, ARMED_SPEC_BYTES);
    return (struct call){armed->kind->number, {armed->id, 0, spec_at, 0}};
}

void armed_fired(struct armed_list *list, struct armed *armed, int64_t now_ns)
{
    /* The kernel counts the next interval from now. After a step of the wall
     * clock that is another time than was asked for. */
    armed->late = now_ns - armed->deadline_ns > STRAY_NS;
    if (armed->interval_ns > 0)
        armed->deadline_ns += armed->interval_ns;
    else
        remove_at(list, (size_t)(armed - list->items));
}
