#include "warp/warp.h"

#include "common/alloc.h"
#include "warp/aim.h"
#include "warp/calm.h"
#include "warp/client_timers.h"
#include "warp/clock_call.h"
#include "warp/clone_call.h"
#include "warp/filter.h"
#include "warp/idle.h"
#include "warp/inject.h"
#include "warp/machine.h"
#include "warp/memory.h"
#include "warp/socket_timeouts.h"
#include "warp/thread.h"
#include "warp/vdso.h"
#include "warp/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    STOPS_A_TURN = 256, /* the rest waits for the next turn */
};

/* What is killed is gone in this (real) time, or it cannot be waited for: the
 * kernel holds it (a disk that does not answer). */
#define END_NS       (5 * NS_PER_S)
#define END_AGAIN_MS 10

/* How soon a thread that has something due is looked at again. */
#define LOOK_AGAIN_NS (100 * NS_PER_US)

/* A process that was given to us, and how it ended. */
struct followed {
    pid_t pid;
    bool  ended;
    int   status; /* of waitpid */
};

/* Who made time stop most often. */
struct ticker {
    pid_t       tid;
    char        name[PROC_STATE_NAME_MAX];
    struct wait wait; /* its last */
    uint64_t    ticks; /* 0 = nobody */
};

struct warp {
    struct vdso            vdso;
    struct clock_jumping   clock;
    int                    signal_fd;
    struct threads         threads;
    struct client_timers   timers;
    struct socket_timeouts socket_timeouts;
    struct followed       *followed;
    size_t                 followed_count;
    bool                   more;       /* stops that this turn left */
    bool                   untold;     /* a death that no signal told of */
    bool                   lost; /* somebody of whom /proc knows nothing */
    pid_t                  awake; /* who was so at the last look; 0 = none */
    bool                   set_going; /* somebody, in this turn */
    struct warp_begun      begun; /* since it was last taken */
    struct calm            calm;
    struct thread *first; /* whose wait is over first, when last asked */
    int64_t        rest_ns; /* the first end of a rest that is passed
                               over; WARP_NEVER = none is */
    struct ticker     ticker;
    const char       *trouble;
    char              aimed[AIM_TEXT_MAX]; /* "" = at nobody else */
    struct warp_count count;
    uint64_t         *runs; /* room for idle_next */
    size_t            runs_capacity;
};

static int64_t now_ns(const struct warp *warp)
{
    return clock_now_ns(&warp->clock.clock);
}

/* ---- birth and death ---- */

static void on_end(struct warp *warp, pid_t tid, int status)
{
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

/* It has not been waited for to its end, so that its number cannot be anybody
 * else's yet. */
static bool is_ours(pid_t tid)
{
    siginfo_t info;

    return waitid(P_PID, (id_t)tid, &info,
                  WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) == 0;
}

/* Those that ended and that waitpid will never tell of (any more). */
static void forget_lost(struct warp *warp)
{
    for (size_t i = warp->threads.count; i-- > 0;)
        if (!is_ours(warp->threads.items[i]->tid))
            threads_remove(&warp->threads, warp->threads.items[i]->tid);
    warp->lost = false;
}

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

/* One signal, at most, is pending at a time: SIGCHLD does not queue. False:
 * none was, and nobody has stopped. */
static bool drain_signals(const struct warp *warp)
{
    struct signalfd_siginfo info;

    return read(warp->signal_fd, &info, sizeof info) > 0;
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
            on_end(warp, tid, status);
}

void warp_end(struct warp *warp)
{
    int64_t       until_ns = clock_now_ns(clock_real()) + END_NS;
    struct pollfd fd = {.fd = warp->signal_fd, .events = POLLIN};

    for (;;) {
        /* In each round: a thread may have come to life meanwhile. */
        forget_lost(warp);
        for (size_t i = 0; i < warp->threads.count; i++)
            kill(warp->threads.items[i]->tid, SIGKILL);
        take_ends(warp);
        if (warp->threads.count == 0 || clock_now_ns(clock_real()) > until_ns)
            return;
        poll(&fd, 1, END_AGAIN_MS);
        drain_signals(warp);
    }
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

/* ---- how a client comes under it ---- */

bool warp_gate_open(struct warp_gate *gate, struct err *err)
{
    if (pipe2(gate->fds, O_CLOEXEC) != 0)
        return err_set_errno(err, "warp", "no descriptors for the client");
    return true;
}

bool warp_enter(struct warp_gate *gate)
{
    char    go;
    ssize_t got;

    close(gate->fds[1]);
    do
        got = read(gate->fds[0], &go, 1);
    while (got < 0 && errno == EINTR);
    close(gate->fds[0]);
    if (got == 1)
        return filter_enter();
    errno = EPERM;
    return false;
}

static void follow(struct warp *warp, pid_t pid)
{
    warp->followed = alloc_grow(warp->followed, warp->followed_count + 1,
                                sizeof warp->followed[0]);
    warp->followed[warp->followed_count++] = (struct followed){.pid = pid};
}

bool warp_follow(struct warp *warp, struct warp_gate *gate, pid_t pid,
                 struct err *err)
{
    const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP |
                         PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                         PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC |
                         PTRACE_O_TRACESYSGOOD;
    bool ok = ptrace(PTRACE_SEIZE, pid, NULL, options) == 0;

    if (ok) {
        threads_add(&warp->threads, pid);
        follow(warp, pid);
        (void)!write(gate->fds[1], "", 1);
    } else {
        err_set_errno(err, "ptrace", "the client cannot be traced");
    }
    close(gate->fds[0]);
    close(gate->fds[1]);
    *gate = (struct warp_gate){{-1, -1}};
    return ok;
}

/* ---- what the client's threads stop for ---- */

static void go_on(pid_t tid, int sig)
{
    /* ESRCH: it was killed meanwhile; waitpid will say so. */
    ptrace(PTRACE_CONT, tid, NULL, (void *)(intptr_t)sig);
}

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

static pid_t group_of(struct thread *thread)
{
    if (thread->group == 0)
        thread->group = proc_state_group(thread->tid);
    return thread->group;
}

static bool same_call(const struct call *left, const struct call *right)
{
    /* A call that the kernel made again goes by this name. */
    return right->number == SYS_restart_syscall ||
           (left->number == right->number &&
            memcmp(left->args, right->args, sizeof left->args) == 0);
}

/* Each keeps its house once in a process, and was there before the client's own
 * code: a thread of the client's that calls itself so came later. */
static bool is_first_of_its_name(struct warp *warp, struct thread *thread,
                                 const char *name)
{
    char other[PROC_STATE_NAME_MAX];

    for (size_t i = 0; i < warp->threads.count; i++)
        if (warp->threads.items[i]->born < thread->born &&
            group_of(warp->threads.items[i]) == group_of(thread) &&
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
        proc_state_has_mapped(group_of(thread), housekeeping_runtime(keeper)) &&
        is_first_of_its_name(warp, thread, name))
        thread->keeper = keeper;
}

static void on_wait(struct warp *warp, struct thread *thread,
                    const struct call *call)
{
    bool again = thread->repeats && thread->wait.kind != NULL &&
                 same_call(&thread->wait.call, call);

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

/* One of the client's processes, or a child that one has not waited for. */
static bool is_clients(struct warp *warp, pid_t pid)
{
    enum { GENERATIONS_MAX = 64 };

    for (int i = 0; i < GENERATIONS_MAX && pid > 1; i++) {
        if (threads_find(&warp->threads, pid) != NULL)
            return true;
        for (size_t j = 0; j < warp->threads.count; j++)
            if (group_of(warp->threads.items[j]) == pid)
                return true; /* its leader has ended */
        pid = aim_parent(pid);
    }
    return false;
}

/* A process group in which one of them is, and we are not. */
static bool is_clients_group(struct warp *warp, pid_t group)
{
    if (group == getpgrp())
        return false;
    for (size_t i = 0; i < warp->threads.count; i++)
        if (aim_group(group_of(warp->threads.items[i])) == group)
            return true;
    return is_clients(warp, group);
}

static bool is_others(struct warp *warp, pid_t sender, const struct aim *aim)
{
    if (aim->signal == 0 || (kill(aim->at, 0) != 0 && errno == ESRCH))
        return false; /* nobody hears of it */
    if (aim->at > 0)
        return !is_clients(warp, aim->at) && !aim_is_confined(sender);
    return (aim->at == -1 ||
            !is_clients_group(warp,
                              aim->at == 0 ? aim_group(sender) : -aim->at)) &&
           !aim_is_confined(sender);
}

static void on_aim(struct warp *warp, pid_t tid, const struct aim *aim)
{
    if (!is_others(warp, tid, aim))
        return;
    if (warp->aimed[0] == '\0')
        aim_tell(aim, warp->aimed);
    machine_skip(tid, -EPERM);
}

static void on_call(struct warp *warp, struct thread *thread)
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
        on_aim(warp, tid, &aim);
    else if (clock_call(warp->vdso.shift, tid, &call, &result))
        machine_skip(tid, result);
    else if (!clone_call_show(tid, &call) &&
             !client_timers_call(&warp->timers, tid, group_of(thread), &call,
                                 clock) &&
             !socket_timeouts_call(&warp->socket_timeouts, tid,
                                   group_of(thread), &call))
        on_wait(warp, thread, &call);
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
        on_end(warp, tid, status);
        return false;
    }
    return true;
}

static void on_birth(struct warp *warp, pid_t parent)
{
    unsigned long child = 0;

    /* A parent that is held up in the middle of its call tells of a child that
     * has lived and died meanwhile. Nobody would see it end again, although it
     * lies there until the parent asks. */
    if (ptrace(PTRACE_GETEVENTMSG, parent, NULL, &child) == 0 &&
        is_ours((pid_t)child))
        threads_add(&warp->threads, (pid_t)child);
}

/* Lets what is due of its process's timers go off, each of them once: one whose
 * next interval is over as well has its turn when the kernel has counted this
 * one. False: it ended meanwhile. */
static bool fire_timers(struct warp *warp, struct thread *thread)
{
    pid_t    tid = thread->tid;
    uint64_t at = machine_call_site(tid);
    uint64_t room = machine_stack_room(tid, CLIENT_TIMERS_SPEC_BYTES);
    struct client_timer *timer = NULL;

    while ((timer = client_timers_due(&warp->timers, group_of(thread),
                                      now_ns(warp), timer)) != NULL) {
        unsigned char spec[CLIENT_TIMERS_SPEC_BYTES];
        struct call   call = client_timers_fire(timer, room, spec);
        int64_t       result;
        int           status;

        client_timers_fired(&warp->timers, timer, now_ns(warp));
        if (!memory_write(tid, room, spec, sizeof spec))
            continue;
        if (inject_call(tid, at, &call, &result, &status) == INJECT_ENDED) {
            on_end(warp, tid, status);
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
static bool on_interrupted(struct warp *warp, struct thread *thread)
{
    struct call      call;
    enum machine_cut cut = machine_cut(thread->tid, &call);
    bool             fires;

    thread->interrupted = false;
    if (cut == MACHINE_NOT_CUT)
        return true;
    fires = client_timers_due(&warp->timers, group_of(thread), now_ns(warp),
                              NULL) != NULL;
    if (fires && !fire_timers(warp, thread))
        return false;
    if (thread->wait.kind != NULL && same_call(&thread->wait.call, &call) &&
        thread->wait.late && thread->wait.deadline_ns <= now_ns(warp)) {
        machine_finish(thread->tid, wait_over(&thread->wait, thread->tid));
        thread->wait.kind = NULL;
    } else if (fires || cut == MACHINE_EINTR) {
        repeat(thread, &call);
    }
    return true;
}

/* A signal came before the repeated call was made: it finds the call cut off,
 * as it would have without us, and the kernel says what that means. */
static void on_signal(struct thread *thread)
{
    struct machine_state now;

    if (machine_save(thread->tid, &now) &&
        memcmp(&now, &thread->again, sizeof now) == 0)
        machine_load(thread->tid, &thread->cut);
    thread->repeats = false;
}

static bool is_stop_signal(int sig)
{
    return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

static void on_stop(struct warp *warp, struct thread *thread, int status)
{
    int sig = WSTOPSIG(status);
    int event = status >> 16;

    switch (event) {
    case PTRACE_EVENT_SECCOMP:
        on_call(warp, thread);
        break;
    case PTRACE_EVENT_CLONE:
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
        on_birth(warp, thread->tid);
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
        if (thread->interrupted && !on_interrupted(warp, thread))
            return;
        break;
    default:
        if (sig == (SIGTRAP | 0x80)) {
            if (!on_program(warp, thread->tid))
                return;
            break;
        }
        if (event == 0)
            on_signal(thread);
        go_on(thread->tid, event == 0 ? sig : 0);
        return;
    }
    go_on(thread->tid, 0);
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

/* ---- the turn ---- */

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
            on_end(warp, tid, status);
        }
    }
}

/* It sleeps in the wait that it began. If it sleeps in another call, the wait
 * is over, and forgotten; while it runs nobody can tell. */
static bool check_wait(struct thread *thread)
{
    struct call call;

    if (!proc_state_call(&thread->proc, &call))
        return false;
    if (same_call(&thread->wait.call, &call))
        return true;
    thread->wait.kind = NULL;
    return false;
}

static void interrupt(struct thread *thread)
{
    thread->interrupted =
        ptrace(PTRACE_INTERRUPT, thread->tid, NULL, NULL) == 0;
}

/* A thread that is in a call can make one for us. */
static void interrupt_for_timers(struct warp *warp)
{
    const struct client_timer *timer =
        client_timers_due(&warp->timers, 0, now_ns(warp), NULL);
    struct call call;

    for (size_t i = 0; timer != NULL && i < warp->threads.count; i++) {
        struct thread *thread = warp->threads.items[i];

        if (group_of(thread) != timer->group || thread->halted ||
            !proc_state_call(&thread->proc, &call))
            continue;
        if (!thread->interrupted)
            interrupt(thread);
        return;
    }
}

/* Ends the waits whose time has come and which the kernel would end later;
 * timers likewise. */
static void end_due(struct warp *warp)
{
    int64_t now = now_ns(warp);

    interrupt_for_timers(warp);
    for (size_t i = 0; i < warp->threads.count; i++) {
        struct thread *thread = warp->threads.items[i];

        if (thread->wait.kind == NULL || !thread->wait.late ||
            thread->wait.deadline_ns > now || thread->interrupted)
            continue;
        if (check_wait(thread))
            interrupt(thread);
    }
}

void warp_turn(struct warp *warp)
{
    warp->set_going = false;
    if (warp->lost)
        forget_lost(warp);
    /* Drained first: who stops after that sends another. */
    if (drain_signals(warp) || warp->more || warp->untold)
        take_stops(warp);
    end_due(warp);
}

struct warp_begun warp_take_begun(struct warp *warp)
{
    struct warp_begun begun = warp->begun;

    warp->begun = (struct warp_begun){0};
    return begun;
}

int warp_fd(const struct warp *warp)
{
    return warp->signal_fd;
}

int64_t warp_wait_ns(const struct warp *warp)
{
    int64_t next_ns = client_timers_next_ns(&warp->timers, true);
    int64_t now = now_ns(warp);

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

/* ---- the jump ---- */

/* What idle_next asks, of this warp and the world around it. */
struct view {
    struct warp             *warp;
    const struct warp_world *world;
};

static uint64_t view_runs(void *data, size_t index)
{
    struct view *view = data;
    uint64_t runs = proc_state_runs(&view->warp->threads.items[index]->proc);

    if (runs == 0)
        view->warp->lost = true;
    return runs;
}

/* Others of its process are left. */
static bool has_company(struct warp *warp, const struct thread *thread)
{
    for (size_t i = 0; i < warp->threads.count; i++)
        if (warp->threads.items[i] != thread &&
            group_of(warp->threads.items[i]) == thread->tid)
            return true;
    return false;
}

/* A leader may end while other threads go on: the process lives, and nobody
 * hears of the leader's end. Any other end is an event that is under way: we,
 * and then its parent, are about to be told. */
static bool note_awake_or_ended(struct warp *warp, struct thread *thread)
{
    warp->awake = thread->tid;
    if (!proc_state_ended(&thread->proc))
        return false;
    if (has_company(warp, thread))
        return true;
    warp->untold = true;
    return false;
}

static bool view_asleep(void *data, size_t index)
{
    struct view   *view = data;
    struct thread *thread = view->warp->threads.items[index];

    return proc_state_asleep(&thread->proc) ||
           note_awake_or_ended(view->warp, thread);
}

static bool view_still_asleep(void *data, size_t index)
{
    struct view   *view = data;
    struct thread *thread = view->warp->threads.items[index];

    return proc_state_still_asleep(&thread->proc) ||
           note_awake_or_ended(view->warp, thread);
}

static bool view_quiet(void *data)
{
    struct view *view = data;

    return view->world->quiet == NULL || view->world->quiet(view->world->data);
}

/* Who was awake when all were looked at last, is looked at first: it is so most
 * often. */
static bool find_awake(struct warp *warp)
{
    struct thread *thread =
        warp->awake != 0 ? threads_find(&warp->threads, warp->awake) : NULL;

    if (thread != NULL && proc_state_runs_now(&thread->proc))
        return true;
    warp->awake = 0;
    return false;
}

/* All threads sleep. Those that sleep in a call which their socket's timeout
 * will end are noted now, once: a thread that has not run since is still in
 * the same wait. */
static void find_socket_waits(struct warp *warp)
{
    struct call call;
    struct wait wait;

    for (size_t i = 0;
         warp->socket_timeouts.count > 0 && i < warp->threads.count; i++) {
        struct thread *thread = warp->threads.items[i];

        if (thread->wait.kind != NULL &&
            thread->wait.runs == thread->proc.slept_at)
            continue;
        if (!proc_state_call(&thread->proc, &call) ||
            !socket_timeouts_wait(&warp->socket_timeouts, group_of(thread),
                                  &call, warp_clock(warp), &wait))
            continue;
        thread->wait = wait;
        thread->wait.runs = thread->proc.slept_at;
        thread->rests = false;
    }
}

/* It is the moment at which nobody did anything: who has been set going since
 * the last one, and whether that was from one rest to the next. */
static bool is_calm(struct warp *warp)
{
    for (size_t i = 0; i < warp->threads.count; i++) {
        struct thread *thread = warp->threads.items[i];

        if (calm_has_run(&thread->calm, warp->runs[i]))
            calm_see(&warp->calm, &thread->calm, warp->runs[i],
                     thread->rests && check_wait(thread));
    }
    return calm_lasts(&warp->calm, now_ns(warp), CALM_NS);
}

static bool is_passed_over(const struct thread *thread, bool calm)
{
    return calm && thread->rests && !housekeeping_is_kept(thread->keeper);
}

static int64_t earlier(int64_t left_ns, int64_t right_ns)
{
    return left_ns < right_ns ? left_ns : right_ns;
}

/* The earliest deadline of a wait that is still waited. */
static int64_t next_deadline_ns(struct warp *warp, bool calm)
{
    for (;;) {
        struct thread *first = NULL;

        warp->rest_ns = WARP_NEVER;
        for (size_t i = 0; i < warp->threads.count; i++) {
            struct thread *thread = warp->threads.items[i];
            int64_t        deadline_ns = thread->wait.deadline_ns;

            if (thread->wait.kind == NULL)
                continue;
            if (is_passed_over(thread, calm))
                warp->rest_ns = earlier(warp->rest_ns, deadline_ns);
            else if (first == NULL || deadline_ns < first->wait.deadline_ns)
                first = thread;
        }
        warp->first = first;
        if (first == NULL)
            return WARP_NEVER;
        if (check_wait(first))
            return first->wait.deadline_ns;
        if (first->wait.kind != NULL)
            return 0; /* it woke just now */
    }
}

static int64_t view_next_ns(void *data)
{
    struct view *view = data;

    find_socket_waits(view->warp);
    return next_deadline_ns(view->warp, is_calm(view->warp));
}

/* False: somebody is awake, or time may not jump at all. */
static bool find_next(struct warp *warp, const struct idle_world *idle,
                      int64_t *next_ns)
{
    if (warp->threads.count == 0 || warp->set_going || warp->trouble != NULL)
        return false;
    warp->count.looks++;
    for (size_t i = 0; i < warp->threads.count; i++)
        if (warp->threads.items[i]->interrupted)
            return false;
    if (find_awake(warp))
        return false;
    if (warp->runs_capacity < warp->threads.count) {
        warp->runs_capacity = warp->threads.capacity;
        warp->runs =
            alloc_grow(warp->runs, warp->runs_capacity, sizeof warp->runs[0]);
    }
    return idle_next(idle, warp->runs, next_ns);
}

static void move_clock(struct warp *warp, int64_t by_ns)
{
    warp->vdso.shift->monotonic_ns += by_ns;
    warp->vdso.shift->wall_ns += by_ns;
    warp->count.jumps++;
    warp->count.jumped_ns += by_ns;
    client_timers_jumped(&warp->timers);
    for (size_t i = 0; i < warp->threads.count; i++)
        warp->threads.items[i]->wait.late = true;
}

static void note_tick(struct ticker *ticker, struct thread *thread)
{
    if (++thread->ticks <= ticker->ticks)
        return;
    if (ticker->tid != thread->tid)
        proc_state_name(thread->tid, ticker->name);
    ticker->tid = thread->tid;
    ticker->wait = thread->wait;
    ticker->ticks = thread->ticks;
}

enum warp_outcome warp_jump(struct warp *warp, const struct warp_world *world)
{
    struct view       view = {warp, world};
    struct idle_world idle = {.data = &view,
                              .count = warp->threads.count,
                              .runs = view_runs,
                              .asleep = view_asleep,
                              .still_asleep = view_still_asleep,
                              .quiet = view_quiet,
                              .next_ns = view_next_ns};
    int64_t           next_ns;
    int64_t           now;
    int64_t           by_ns;

    if (world->stirred)
        warp->calm.stirred = true;
    client_timers_settle(&warp->timers, now_ns(warp));
    if (!find_next(warp, &idle, &next_ns))
        return WARP_BUSY;
    next_ns = earlier(next_ns, client_timers_next_ns(&warp->timers, false));
    next_ns = earlier(next_ns, world->next_ns);
    if (next_ns == WARP_NEVER)
        return WARP_RESTING;
    now = now_ns(warp);
    by_ns = next_ns - now;
    /* Who has a rest behind it is about to be awake. */
    if (by_ns <= 0 || warp->rest_ns <= now)
        return WARP_DUE;
    if (next_ns == world->next_ns)
        warp->calm.stirred = true; /* they have something to do now */
    else if (warp->first != NULL && next_ns == warp->first->wait.deadline_ns)
        note_tick(&warp->ticker, warp->first);
    move_clock(warp, by_ns);
    end_due(warp);
    return WARP_JUMPED;
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

bool warp_tell(struct warp *warp, size_t index, char text[WARP_TOLD_MAX])
{
    struct thread *thread;
    struct call    call = {.number = -1};
    char           due[48] = "no end known";
    char           name[PROC_STATE_NAME_MAX];

    if (index >= warp->threads.count)
        return false;
    thread = warp->threads.items[index];
    if (thread->wait.kind != NULL)
        snprintf(due, sizeof due, "due in %.3f s%s",
                 (double)(thread->wait.deadline_ns - now_ns(warp)) / NS_PER_S,
                 thread->wait.late ? ", by us" : "");
    snprintf(text, WARP_TOLD_MAX, "thread %d (%s) of process %d: %s, %s%s%s",
             (int)thread->tid, proc_state_name(thread->tid, name),
             (int)group_of(thread),
             proc_state_call(&thread->proc, &call) ? "asleep in a call"
                                                   : "awake",
             due, thread->interrupted ? ", asked to stop" : "",
             thread->halted ? ", halted by a signal" : "");
    if (call.number >= 0)
        snprintf(text + strlen(text), WARP_TOLD_MAX - strlen(text), ", call %d",
                 (int)call.number);
    return true;
}

bool warp_tell_ticker(const struct warp *warp, char text[WARP_TOLD_MAX])
{
    const struct ticker *ticker = &warp->ticker;

    if (ticker->ticks == 0)
        return false;
    snprintf(text, WARP_TOLD_MAX,
             "a thread \"%s\" woke %" PRIu64 " times, last from %s of %.3f s",
             ticker->name, ticker->ticks, wait_name(&ticker->wait),
             (double)ticker->wait.span_ns / NS_PER_S);
    return true;
}
