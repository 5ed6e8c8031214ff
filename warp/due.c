/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/due.h"

#include <assert.h>
#include <sys/ptrace.h>

/* How soon a thread that has something due is looked at again. */
#define LOOK_AGAIN_NS (100 * NS_PER_US)

static void interrupt(struct thread *thread)
{
    assert(!thread->interrupted);
    thread->interrupted =
        ptrace(PTRACE_INTERRUPT, thread->tid, NULL, NULL) == 0;
}

/* A thread that is in a call can make one for us. */
static void interrupt_for_timers(struct warp *warp)
{
    const struct client_timer *timer =
        client_timers_due(&warp->timers, 0, state_now_ns(warp), NULL);
    struct call call;

    for (size_t i = 0; timer != NULL && i < warp->threads.count; i++) {
        struct thread *thread = warp->threads.items[i];

        if (thread_group(thread) != timer->group || thread->halted ||
            !proc_state_call(&thread->proc, &call))
            continue;
        if (!thread->interrupted)
            interrupt(thread);
        return;
    }
}

void due_end(struct warp *warp)
{
    int64_t now = state_now_ns(warp);

    interrupt_for_timers(warp);
    for (size_t i = 0; i < warp->threads.count; i++) {
        struct thread *thread = warp->threads.items[i];

        if (thread->wait.kind == NULL || !thread->wait.late ||
            thread->wait.deadline_ns > now || thread->interrupted)
            continue;
        if (thread_check_wait(thread))
            interrupt(thread);
    }
}

int64_t warp_wait_ns(const struct warp *warp)
{
    int64_t next_ns = client_timers_next_ns(&warp->timers, true);
    int64_t now = state_now_ns(warp);

    if (warp->more)
        return 0;
    for (size_t i = 0; i < warp->threads.count; i++) {
        const struct thread *thread = warp->threads.items[i];

        if (thread->wait.kind != NULL && thread->wait.late &&
            !thread->interrupted && thread->wait.deadline_ns < next_ns)
            next_ns = thread->wait.deadline_ns;
    }
    if (next_ns == WARP_NEVER)
        return -1;
    /* It is due, but was not asleep yet when it was looked at. */
    return next_ns > now ? next_ns - now : LOOK_AGAIN_NS;
}
