/* SPDX-License-Identifier: Apache-2.0 */
/* A turn: what the client's threads have stopped for since the last. */

#include "warp/cut.h"
#include "warp/due.h"
#include "warp/entry.h"
#include "warp/life.h"
#include "warp/state.h"

#include <assert.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum {
    STOPS_A_TURN = 256, /* the rest waits for the next turn */
};

static void go_on(pid_t tid, int sig)
{
    /* ESRCH: it was killed meanwhile; waitpid will say so. */
    ptrace(PTRACE_CONT, tid, NULL, (void *)(intptr_t)sig);
}

static void on_exec(struct warp *warp, pid_t group)
{
    unsigned long was = 0;

    ptrace(PTRACE_GETEVENTMSG, group, NULL, &was);
    threads_keep_leader(&warp->threads, group, (pid_t)was);
    client_timers_exec(&warp->timers, group);
    if (!machine_is_ours(group))
        warp->trouble = "the client runs a program of another machine type";
}

/* The exec is over, the program's first instruction is next. False: it ended
 * meanwhile. */
static bool on_program(struct warp *warp, pid_t tid)
{
    int status;

    switch (vdso_give(&warp->vdso, tid, &status)) {
    case VDSO_GIVEN:
    case VDSO_HIDDEN:
        break;
    case VDSO_REFUSED:
        warp->trouble = "the client's memory cannot be written";
        break;
    case VDSO_ENDED:
        life_end(warp, tid, status);
        return false;
    }
    return true;
}

static bool is_stop_signal(int sig)
{
    return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

static void on_stop(struct warp *warp, struct thread *thread, int status)
{
    int sig = WSTOPSIG(status);
    int event = status >> 16;

    assert(WIFSTOPPED(status));
    switch (event) {
    case PTRACE_EVENT_SECCOMP:
        entry_take(warp, thread);
        break;
    case PTRACE_EVENT_CLONE:
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
        life_begin(warp, thread->tid);
        break;
    case PTRACE_EVENT_EXEC:
        on_exec(warp, thread->tid);
        /* Calls can be made for it once this one has ended. */
        ptrace(PTRACE_SYSCALL, thread->tid, NULL, NULL);
        return;
    case PTRACE_EVENT_STOP:
        thread->halted = is_stop_signal(sig);
        if (thread->halted) {
            ptrace(PTRACE_LISTEN, thread->tid, NULL, NULL);
            return;
        }
        if (thread->interrupted && !cut_take(warp, thread))
            return;
        break;
    default:
        if (sig == (SIGTRAP | 0x80)) {
            if (!on_program(warp, thread->tid))
                return;
            break;
        }
        if (event == 0)
            cut_signal(thread);
        go_on(thread->tid, event == 0 ? sig : 0);
        return;
    }
    go_on(thread->tid, 0);
}

static void take_stops(struct warp *warp)
{
    int status;

    warp->untold = false;
    for (int i = 0; i < STOPS_A_TURN; i++) {
        pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);

        warp->more = tid > 0;
        if (tid <= 0)
            return;
        warp->set_going = true;
        if (WIFSTOPPED(status)) {
            warp->count.stops++;
            on_stop(warp, threads_add(&warp->threads, tid), status);
        } else {
            life_end(warp, tid, status);
        }
    }
}

void warp_turn(struct warp *warp)
{
    warp->set_going = false;
    if (warp->lost)
        life_forget_lost(warp);
    /* Drained first: who stops after that sends another. */
    if (state_drain_signals(warp) || warp->more || warp->untold)
        take_stops(warp);
    due_end(warp);
}
