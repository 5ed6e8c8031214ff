/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/cut.h"

#include "warp/inject.h"
#include "warp/life.h"
#include "warp/memory.h"

#include <assert.h>
#include <string.h>

/* Lets what is due of its process's timers go off, each of them once: one whose
 * next interval is over as well has its turn when the kernel has counted this
 * one. False: it ended meanwhile. */
static bool fire_timers(struct warp *warp, struct thread *thread)
{
    pid_t    tid = thread->tid;
    uint64_t at = machine_call_site(tid);
    uint64_t room = machine_stack_room(tid, CLIENT_TIMERS_SPEC_BYTES);
    struct client_timer *timer = NULL;

    while ((timer = client_timers_due(&warp->timers, thread_group(thread),
                                      state_now_ns(warp), timer)) != NULL) {
        unsigned char spec[CLIENT_TIMERS_SPEC_BYTES];
        struct call   call = client_timers_fire(timer, room, spec);
        int64_t       result;
        int           status;

        client_timers_fired(&warp->timers, timer, state_now_ns(warp));
        if (!memory_write(tid, room, spec, sizeof spec))
            continue;
        if (inject_call(tid, at, &call, &result, &status) == INJECT_ENDED) {
            life_end(warp, tid, status);
            return false;
        }
    }
    return true;
}

static void repeat(struct thread *thread, const struct call *call)
{
    bool filtered;

    machine_save(thread->tid, &thread->cut);
    filtered = machine_repeat(thread->tid);
    machine_save(thread->tid, &thread->again);
    thread->repeats = filtered && thread->wait.kind != NULL &&
                      thread->wait.call.number == call->number;
}

/* It stopped because we asked: the time of its wait is over, or a timer of its
 * process is due. False: it ended meanwhile. */
bool cut_take(struct warp *warp, struct thread *thread)
{
    struct call      call;
    enum machine_cut cut = machine_cut(thread->tid, &call);
    bool             fires;

    assert(thread->interrupted);
    thread->interrupted = false;
    if (cut == MACHINE_NOT_CUT)
        return true;
    fires = client_timers_due(&warp->timers, thread_group(thread),
                              state_now_ns(warp), NULL) != NULL;
    if (fires && !fire_timers(warp, thread))
        return false;
    if (thread->wait.kind != NULL &&
        wait_same_call(&thread->wait.call, &call) && thread->wait.late &&
        thread->wait.deadline_ns <= state_now_ns(warp)) {
        machine_skip(thread->tid, wait_over(&thread->wait, thread->tid));
        thread->wait.kind = NULL;
    } else if (fires || cut == MACHINE_EINTR) {
        repeat(thread, &call);
    }
    return true;
}

/* A signal came before the repeated call was made: it finds the call cut off,
 * as it would have without us, and the kernel says what that means. */
void cut_signal(struct thread *thread)
{
    struct machine_state now;

    if (machine_save(thread->tid, &now) &&
        memcmp(&now, &thread->again, sizeof now) == 0)
        machine_load(thread->tid, &thread->cut);
    thread->repeats = false;
}
