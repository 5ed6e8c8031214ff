/* SPDX-License-Identifier: Apache-2.0 */
#include "server/loop.h"

#include "common/io.h"

#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* timer_fd counts real time; a loop on a fake clock is turned by its test,
 * whether the descriptor is ready or not. */
static void arm(struct loop *loop)
{
    int64_t           next_ns = timers_next_ns(&loop->timers);
    int64_t           left_ns;
    struct itimerspec when = {0};

    /* A timer that was cancelled leaves its time armed: one idle turn is
     * cheaper than a system call for each request that came in time. */
    if (next_ns >= loop->armed_ns)
        return;
    left_ns = next_ns - clock_now_ns(loop->clock);
    if (left_ns <= 0)
        left_ns = 1;
    when.it_value.tv_sec = left_ns / NS_PER_S;
    when.it_value.tv_nsec = left_ns % NS_PER_S;
    timerfd_settime(loop->timer_fd, 0, &when, NULL);
    loop->armed_ns = next_ns;
}

static void on_timer_fd(void *owner)
{
    struct loop *loop = owner;
    uint64_t     expirations;

    if (read(loop->timer_fd, &expirations, sizeof expirations) > 0)
        loop->armed_ns = INT64_MAX;
}

bool loop_start(struct loop *loop, const struct clock *clock, struct err *err)
{
    *loop = (struct loop){.clock = clock, .armed_ns = INT64_MAX};
    loop->timer_fd = -1;
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (loop->epoll_fd < 0)
        return err_set_errno(err, "server", "cannot make an epoll");
    loop->timer_fd =
        timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    loop->timer_watch = (struct watch){
        .ready = on_timer_fd, .owner = loop, .fd = loop->timer_fd};
    if (loop->timer_fd < 0 || !loop_watch(loop, &loop->timer_watch, EPOLLIN))
        return err_set_errno(err, "server", "cannot make a timer");
    return true;
}

void loop_stop(struct loop *loop)
{
    timers_clear(&loop->timers);
    io_close(&loop->timer_fd);
    io_close(&loop->epoll_fd);
}

bool loop_watch(struct loop *loop, struct watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    int                what = watch->on ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (epoll_ctl(loop->epoll_fd, what, watch->fd, &event) != 0)
        return false;
    watch->on = true;
    return true;
}

void loop_unwatch(struct loop *loop, struct watch *watch)
{
    if (!watch->on)
        return;
    epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    watch->on = false;
    /* Its owner may be gone before this turn's events are all called back. */
    for (int i = 0; i < loop->event_count; i++)
        if (loop->events[i].data.ptr == watch)
            loop->events[i].data.ptr = NULL;
}

void loop_reset(const struct watch *watch)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    connect(watch->fd, &nowhere, sizeof nowhere);
}

void loop_set_timer(struct loop *loop, struct timer *timer, int64_t due_ns)
{
    timers_set(&loop->timers, timer, due_ns);
    arm(loop);
}

void loop_cancel_timer(struct loop *loop, struct timer *timer)
{
    timers_cancel(&loop->timers, timer);
}

void loop_clock_jumped(struct loop *loop)
{
    loop->armed_ns = INT64_MAX;
    arm(loop);
}

void loop_turn(struct loop *loop)
{
    struct timer *timer;
    int64_t       now_ns;

    loop->turn_count++;
    loop->event_count =
        epoll_wait(loop->epoll_fd, loop->events, LOOP_EVENTS_MAX, 0);
    for (int i = 0; i < loop->event_count; i++) {
        struct watch *watch = loop->events[i].data.ptr;

        if (watch == NULL)
            continue;
        watch->events = loop->events[i].events;
        watch->ready(watch->owner);
    }
    loop->event_count = 0;
    now_ns = clock_now_ns(loop->clock);
    while ((timer = timers_take_due(&loop->timers, now_ns)) != NULL)
        timer->fire(timer->owner);
    arm(loop);
}
