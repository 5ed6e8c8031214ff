/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/interrupt.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static struct {
    bool     on;
    int      fd; /* -1: none is to be had */
    int      came;
    pid_t    sender; /* of that one; 0 = the kernel, for a terminal */
    sigset_t before;
} watch = {.fd = -1};

void interrupt_start(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, &watch.before);
    watch.fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    watch.came = 0;
    watch.on = true;
}

int interrupt_fd(void)
{
    return watch.fd;
}

/* Each is taken, so that none is delivered once signals are let through again:
 * the report is still to be written. */
int interrupt_came(void)
{
    struct signalfd_siginfo info;

    while (watch.on &&
           read(watch.fd, &info, sizeof info) == (ssize_t)sizeof info)
        if (watch.came == 0) {
            watch.came = (int)info.ssi_signo;
            watch.sender = info.ssi_code <= 0 ? (pid_t)info.ssi_pid : 0;
        }
    return watch.came;
}

pid_t interrupt_sender(void)
{
    return watch.sender;
}

void interrupt_stop(void)
{
    if (!watch.on)
        return;
    (void)interrupt_came();
    if (watch.fd >= 0)
        close(watch.fd);
    watch.fd = -1;
    watch.on = false;
    sigprocmask(SIG_SETMASK, &watch.before, NULL);
}

static const int of_terminals[] = {SIGINT, SIGTSTP, SIGTTIN, SIGTTOU};

static void handle(void (*how)(int))
{
    for (size_t i = 0; i < sizeof of_terminals / sizeof of_terminals[0]; i++)
        signal(of_terminals[i], how);
}

void interrupt_leave(void)
{
    handle(SIG_IGN);
}

void interrupt_restore(void)
{
    handle(SIG_DFL);
}
