/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/inject.h"

#include "warp/machine.h"
#include "warp/proc_state.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The stops of one call: its begin, the filter's, its end, and signals. */
enum { STOPS_MAX = 200 };

static pid_t await(pid_t tid, int *status)
{
    pid_t got;

    do
        got = waitpid(tid, status, __WALL);
    while (got < 0 && errno == EINTR);
    return got;
}

static void send_again(pid_t tid, const sigset_t *signals)
{
    for (int sig = 1; sig < NSIG; sig++)
        if (sigismember(signals, sig) == 1)
            syscall(SYS_tgkill, proc_state_group(tid), tid, sig);
}

/* From stop to stop, until the call has ended. */
static enum inject_outcome follow(pid_t tid, int *status, sigset_t *signals)
{
    bool begun = false;

    for (int i = 0; i < STOPS_MAX; i++) {
        if (ptrace(PTRACE_SYSCALL, tid, NULL, NULL) != 0 && errno != ESRCH)
            return INJECT_FAILED;
        if (await(tid, status) != tid)
            return INJECT_FAILED;
        if (!WIFSTOPPED(*status))
            return INJECT_ENDED;
        if (WSTOPSIG(*status) == (SIGTRAP | 0x80)) {
            if (begun)
                return INJECT_DONE;
            begun = true;
        } else if (*status >> 16 == 0) {
            sigaddset(signals, WSTOPSIG(*status));
        }
    }
    return INJECT_FAILED;
}

enum inject_outcome inject_call(pid_t tid, uint64_t at, const struct call *call,
                                int64_t *result, int *status)
{
    struct machine_state before;
    enum inject_outcome  outcome;
    sigset_t             signals;

    sigemptyset(&signals);
    if (!machine_save(tid, &before) || !machine_call(tid, at, call))
        return INJECT_FAILED;
    outcome = follow(tid, status, &signals);
    if (outcome == INJECT_ENDED)
        return outcome;
    *result = machine_result(tid);
    machine_load(tid, &before);
    send_again(tid, &signals);
    return outcome;
}
