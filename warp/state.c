/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/state.h"

#include "common/alloc.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool warp_new(struct warp **out, struct err *err)
{
    struct warp *warp = alloc_zero(1, sizeof *warp);
    sigset_t     child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    warp->signal_fd = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
    if (warp->signal_fd < 0) {
        alloc_free(warp);
        return err_set_errno(err, "warp", "no descriptor for signals");
    }
    if (!vdso_open(&warp->vdso, err)) {
        close(warp->signal_fd);
        alloc_free(warp);
        return false;
    }
    clock_jumping_init(&warp->clock, warp->vdso.shift);
    *out = warp;
    return true;
}

void warp_free(struct warp *warp)
{
    if (warp == NULL)
        return;
    warp_end(warp);
    threads_clear(&warp->threads);
    alloc_free(warp->followed);
    client_timers_clear(&warp->timers);
    socket_timeouts_clear(&warp->socket_timeouts);
    vdso_close(&warp->vdso);
    close(warp->signal_fd);
    alloc_free(warp->runs);
    alloc_free(warp);
}

const struct clock *warp_clock(const struct warp *warp)
{
    return &warp->clock.clock;
}

int64_t state_now_ns(const struct warp *warp)
{
    return clock_now_ns(&warp->clock.clock);
}

int warp_fd(const struct warp *warp)
{
    return warp->signal_fd;
}

bool state_drain_signals(const struct warp *warp)
{
    struct signalfd_siginfo info;

    return read(warp->signal_fd, &info, sizeof info) > 0;
}

struct warp_begun warp_take_begun(struct warp *warp)
{
    struct warp_begun begun = warp->begun;

    warp->begun = (struct warp_begun){0};
    return begun;
}

void warp_step_wall(struct warp *warp, int64_t by_ns)
{
    warp->vdso.shift->wall_ns += by_ns;
    client_timers_step_wall(&warp->timers, by_ns);
    for (size_t i = 0; i < warp->threads.count; i++)
        wait_step_wall(&warp->threads.items[i]->wait, by_ns);
}

const char *warp_aimed(const struct warp *warp)
{
    return warp->aimed[0] != '\0' ? warp->aimed : NULL;
}

const char *warp_trouble(const struct warp *warp)
{
    return warp->trouble;
}

struct warp_count warp_count(const struct warp *warp)
{
    return warp->count;
}
