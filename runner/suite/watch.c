/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/watch.h"

#include "common/alloc.h"
#include "common/proc.h"
#include "runner/trial/interrupt.h"
#include "runner/trial/tree.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What main process and sentinel both see. */
struct shared {
    atomic_bool resting; /* the main process stands still for a terminal */
    atomic_bool stopped; /* it stood still by somebody else's */
    atomic_bool over;    /* it needs no sentinel any more */
};

struct watch {
    struct shared *shared;
    pid_t          sentinel;
    bool           asked;   /* who sent the signal that came */
    struct err     meddled; /* ERR_NONE: nobody has */
};

/* ---- the sentinel ---- */

/* Two looks, so that a stop which somebody ends again at once is nobody's
 * matter. */
static void look_after(struct shared *shared, pid_t main, bool *stood)
{
    bool stands = !atomic_load(&shared->resting) && proc_letter(main) == 'T';

    if (stands && *stood) {
        atomic_store(&shared->stopped, true);
        kill(main, SIGCONT);
    }
    *stood = stands;
}

/* In the new process: out of reach of what a terminal sends to a group. */
static void stand_sentinel(struct shared *shared, pid_t main)
{
    enum { LOOK_MS = 1000, KEPT = STDERR_FILENO + 1 };
    static const char told[] =
        "retrial: it was killed before the run was over, by its client or "
        "from outside; all that it had started ends with it\n";
    struct pollfd fd = {.fd = KEPT, .events = POLLIN};
    bool          stood = false;
    int           pidfd = (int)syscall(SYS_pidfd_open, main, 0);
    sigset_t      all;

    setsid();
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    if (pidfd < 0 || (pidfd != KEPT && dup2(pidfd, KEPT) != KEPT))
        _exit(1);
    close_range(KEPT + 1, ~0u, 0);
    while (poll(&fd, 1, LOOK_MS) <= 0)
        look_after(shared, main, &stood);
    if (!atomic_load(&shared->over))
        (void)!write(STDERR_FILENO, told, sizeof told - 1);
    _exit(0);
}

/* ---- the main process ---- */

static struct shared *resting_place; /* for the handler */

/* A terminal asks it to rest: in an instant, wherever it is. */
static void on_terminal(int sig)
{
    (void)sig;
    atomic_store(&resting_place->resting, true);
    raise(SIGSTOP);
    atomic_store(&resting_place->resting, false);
}

static void handle_terminal(struct shared *shared)
{
    static const int signals[] = {SIGTSTP, SIGTTIN, SIGTTOU};
    struct sigaction action = {.sa_flags = SA_RESTART};

    action.sa_handler = shared != NULL ? on_terminal : SIG_DFL;
    if (shared != NULL)
        resting_place = shared;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
}

static bool start_sentinel(struct watch *watch, struct err *err)
{
    pid_t main = getpid();

    watch->shared = mmap(NULL, sizeof *watch->shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (watch->shared == MAP_FAILED)
        return err_set_errno(err, "watch", "no memory for a sentinel");
    fflush(NULL); /* nothing buffered is printed twice */
    watch->sentinel = fork();
    if (watch->sentinel == 0)
        stand_sentinel(watch->shared, main);
    if (watch->sentinel > 0)
        return true;
    err_set_errno(err, "watch", "no process for a sentinel");
    munmap(watch->shared, sizeof *watch->shared);
    return false;
}

bool watch_start(struct watch **out, struct err *err)
{
    struct watch *watch = alloc_zero(1, sizeof *watch);

    if (!start_sentinel(watch, err)) {
        alloc_free(watch);
        return false;
    }
    handle_terminal(watch->shared);
    *out = watch;
    return true;
}

void watch_stop(struct watch *watch)
{
    if (watch == NULL)
        return;
    atomic_store(&watch->shared->over, true);
    kill(watch->sentinel, SIGKILL);
    waitpid(watch->sentinel, NULL, 0);
    handle_terminal(NULL);
    munmap(watch->shared, sizeof *watch->shared);
    alloc_free(watch);
}

/* Below us there are our own processes, which send us nothing, and clients. */
static bool is_below(pid_t sender)
{
    pid_t  pids[TREE_PROCESSES_MAX];
    size_t count = tree_list(getpid(), pids);

    for (size_t i = 1; i < count; i++)
        if (pids[i] == sender)
            return true;
    return false;
}

/* Asked once, and at once: who sent it may soon be gone. */
static void look_at_signal(struct watch *watch)
{
    int sig = interrupt_came();

    if (sig == 0 || watch->asked)
        return;
    watch->asked = true;
    if (is_below(interrupt_sender()))
        err_set(&watch->meddled, ERR_CLIENT, "client",
                "its process %d sent SIG%s to Retrial, which ended the run",
                (int)interrupt_sender(), sigabbrev_np(sig));
}

static void look_at_sentinel(struct watch *watch)
{
    siginfo_t info = {0};

    if (atomic_load(&watch->shared->stopped))
        err_set(&watch->meddled, ERR_CLIENT, "client",
                "it, or something outside, sent SIGSTOP to Retrial, which was "
                "set going again and ended the run");
    else if (waitid(P_PID, (id_t)watch->sentinel, &info,
                    WEXITED | WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
             info.si_pid != 0)
        err_set(&watch->meddled, ERR_CLIENT, "client",
                "it, or something outside, sent SIG%s to the process that "
                "looks after Retrial, which ended the run",
                sigabbrev_np(info.si_status));
}

bool watch_meddled(struct watch *watch, struct err *err)
{
    if (watch->meddled.code == ERR_NONE)
        look_at_sentinel(watch);
    if (watch->meddled.code == ERR_NONE)
        look_at_signal(watch);
    if (watch->meddled.code == ERR_NONE)
        return false;
    *err = watch->meddled;
    return true;
}
