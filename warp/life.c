/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/life.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* What is killed is gone in this (real) time, or it cannot be waited for: the
 * kernel holds it (a disk that does not answer). */
#define END_NS       (5 * NS_PER_S)
#define END_AGAIN_MS 10

/* It has not been waited for to its end, so that its number cannot be anybody
 * else's yet. */
static bool is_ours(pid_t tid)
{
    siginfo_t info;

    return waitid(P_PID, (id_t)tid, &info,
                  WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) == 0;
}

void life_begin(struct warp *warp, pid_t parent)
{
    unsigned long child = 0;

    /* A parent that is held up in the middle of its call tells of a child that
     * has lived and died meanwhile. Nobody would see it end again, although it
     * lies there until the parent asks. */
    if (ptrace(PTRACE_GETEVENTMSG, parent, NULL, &child) == 0 &&
        is_ours((pid_t)child))
        threads_add(&warp->threads, (pid_t)child);
}

void life_end(struct warp *warp, pid_t tid, int status)
{
    assert(!WIFSTOPPED(status));
    threads_remove(&warp->threads, tid);
    warp->calm.stirred = true;
    /* A process ends with its leader. */
    client_timers_forget(&warp->timers, tid);
    socket_timeouts_forget(&warp->socket_timeouts, tid);
    for (size_t i = 0; i < warp->followed_count; i++)
        if (warp->followed[i].pid == tid && !warp->followed[i].ended) {
            warp->followed[i].ended = true;
            warp->followed[i].status = status;
        }
}

void life_forget_lost(struct warp *warp)
{
    for (size_t i = warp->threads.count; i-- > 0;)
        if (!is_ours(warp->threads.items[i]->tid))
            threads_remove(&warp->threads, warp->threads.items[i]->tid);
    warp->lost = false;
}

/* What has stopped for us need not go on: it is killed. */
static void take_ends(struct warp *warp)
{
    int   status;
    pid_t tid;

    while ((tid = waitpid(-1, &status, __WALL | WNOHANG)) > 0)
        if (WIFSTOPPED(status))
            threads_add(&warp->threads, tid);
        else
            life_end(warp, tid, status);
}

void warp_end(struct warp *warp)
{
    int64_t       until_ns = clock_now_ns(clock_real()) + END_NS;
    struct pollfd fd = {.fd = warp->signal_fd, .events = POLLIN};

    for (;;) {
        /* In each round: a thread may have come to life meanwhile. */
        life_forget_lost(warp);
        for (size_t i = 0; i < warp->threads.count; i++)
            kill(warp->threads.items[i]->tid, SIGKILL);
        take_ends(warp);
        if (warp->threads.count == 0 || clock_now_ns(clock_real()) > until_ns)
            return;
        poll(&fd, 1, END_AGAIN_MS);
        state_drain_signals(warp);
    }
}

bool warp_ended(const struct warp *warp, pid_t pid, int *status)
{
    for (size_t i = 0; i < warp->followed_count; i++)
        if (warp->followed[i].pid == pid && warp->followed[i].ended) {
            *status = warp->followed[i].status;
            return true;
        }
    return false;
}
