/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/sent.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* By which a crash of our own ends it, when nobody sent them. */
static const int crashes[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL,
                              SIGSEGV, SIGSYS, SIGTRAP};

enum { CRASHES = sizeof crashes / sizeof crashes[0] };

/* So it exits when a signal was sent to it that looks like a crash. */
enum { EXIT_SENT = 64 };

static void on_crash(int sig, siginfo_t *info, void *unused)
{
    (void)unused;
    if (info->si_code <= 0 && info->si_pid != getpid())
        _exit(EXIT_SENT + sig);
    /* Ours: it comes again, to nobody who would catch it. */
}

void sent_tell_apart(void)
{
#ifndef __SANITIZE_ADDRESS__ /* which has a report to make of them */
    struct sigaction action = {.sa_flags = SA_SIGINFO | (int)SA_RESETHAND};

    action.sa_sigaction = on_crash;
    for (size_t i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &action, NULL);
#else
    (void)on_crash;
#endif
}

void sent_judge(struct verdict *verdict)
{
    static const struct timespec at_once = {0};
    siginfo_t                    info;
    sigset_t                     held;

    sigemptyset(&held);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    while (sigtimedwait(&held, &info, &at_once) > 0)
        if (info.si_code <= 0)
            verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                           "process %d, of the client or from outside, sent "
                           "SIG%s to the process that ran the trial",
                           (int)info.si_pid, sigabbrev_np(info.si_signo));
}

static bool is_crash(int sig)
{
    for (size_t i = 0; i < CRASHES; i++)
        if (crashes[i] == sig)
            return true;
    return false;
}

int sent_by(int status)
{
    if (WIFSIGNALED(status) && !is_crash(WTERMSIG(status)))
        return WTERMSIG(status);
    if (WIFEXITED(status) && WEXITSTATUS(status) > EXIT_SENT)
        return WEXITSTATUS(status) - EXIT_SENT;
    return 0;
}
