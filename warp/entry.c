/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/entry.h"

#include "warp/aimed.h"
#include "warp/clock_call.h"
#include "warp/clone_call.h"
#include "warp/memory.h"

#include <assert.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

/* The call that a seccomp stop is about. */
static bool get_call(pid_t tid, struct call *call)
{
    struct __ptrace_syscall_info info = {0};

    if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, (void *)sizeof info, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_SECCOMP)
        return false;
    call->number = (int64_t)info.seccomp.nr;
    memcpy(call->args, info.seccomp.args, sizeof call->args);
    return true;
}

/* Each keeps its house once in a process, and was there before the client's own
 * code: a thread of the client's that calls itself so came later. */
static bool is_first_of_its_name(struct warp *warp, struct thread *thread,
                                 const char *name)
{
    char other[PROC_STATE_NAME_MAX];

    for (size_t i = 0; i < warp->threads.count; i++)
        if (warp->threads.items[i]->born < thread->born &&
            thread_group(warp->threads.items[i]) == thread_group(thread) &&
            strcmp(proc_state_name(warp->threads.items[i]->tid, other), name) ==
                0)
            return false;
    return true;
}

/* Asked once, when it first waits: it has given itself its name by then. */
static void ask_its_name(struct warp *warp, struct thread *thread)
{
    char                 name[PROC_STATE_NAME_MAX];
    const struct keeper *keeper =
        housekeeping_find(proc_state_name(thread->tid, name));

    thread->named = true;
    if (keeper != NULL &&
        proc_state_has_mapped(thread_group(thread),
                              housekeeping_runtime(keeper)) &&
        is_first_of_its_name(warp, thread, name))
        thread->keeper = keeper;
}

static void on_wait(struct warp *warp, struct thread *thread,
                    const struct call *call)
{
    bool again = thread->repeats && thread->wait.kind != NULL &&
                 wait_same_call(&thread->wait.call, call);

    thread->repeats = false;
    /* Made again, it would begin to count anew; we know when it is over. */
    if (again)
        thread->wait.late = true;
    else
        wait_begin(&thread->wait, thread->tid, call, warp_clock(warp));
    if (!thread->named)
        ask_its_name(warp, thread);
    if (!again)
        thread->rests =
            thread->keeper != NULL && thread->wait.kind != NULL &&
            housekeeping_rests(thread->keeper, call, thread->wait.span_ns);
    assert(!thread->rests || thread->keeper != NULL);
    if (!thread->rests)
        warp->calm.stirred = true;
}

/* An address that cannot be read may be of any family. */
static void on_connect(struct warp *warp, pid_t tid, const struct call *call)
{
    enum { FAMILY_INET6 = 10 }; /* AF_INET6; <sys/socket.h> is the server's */
    uint16_t family;

    warp->begun.count++;
    if (!memory_read(tid, call->args[1], &family, sizeof family) ||
        family == FAMILY_INET6)
        warp->begun.ipv6 = true;
}

void entry_take(struct warp *warp, struct thread *thread)
{
    const struct clock *clock = warp_clock(warp);
    pid_t               tid = thread->tid;
    struct call         call;
    struct aim          aim;
    int64_t             result;

    if (!get_call(tid, &call))
        return;
    if (call.number == SYS_connect)
        on_connect(warp, tid, &call);
    else if (aim_call(tid, &call, &aim))
        aimed_judge(warp, tid, &aim);
    else if (clock_call(warp->vdso.shift, tid, &call, &result))
        machine_skip(tid, result);
    else if (!clone_call_show(tid, &call) &&
             !client_timers_call(&warp->timers, tid, thread_group(thread),
                                 &call, clock) &&
             !socket_timeouts_call(&warp->socket_timeouts, tid,
                                   thread_group(thread), &call))
        on_wait(warp, thread, &call);
}
