#include "runner/interrupt.h"

#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

int interrupt_watch(sigset_t *before)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, before);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Taken, so that it is not delivered once signals are let through again: the
 * report is still to be written. */
bool interrupt_take(int fd)
{
    struct signalfd_siginfo info;

    return read(fd, &info, sizeof info) == (ssize_t)sizeof info;
}
