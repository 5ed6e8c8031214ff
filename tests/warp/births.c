/* SPDX-License-Identifier: Apache-2.0 */
/* A client whose children ask for no tracer (CLONE_UNTRACED), by clone and by
 * clone3, and work for a while; it waits for them, beside a thread that sleeps
 * an hour. Time must not jump while they work.
 *
 * Prints how many seconds the children took. */

#include "beside.h"

#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORK_S 0.05

static long by_clone(void)
{
    return syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
}

static long by_clone3(void)
{
    struct clone_args args;

    memset(&args, 0, sizeof args);
    args.flags = CLONE_UNTRACED;
    args.exit_signal = SIGCHLD;
    return syscall(SYS_clone3, &args, sizeof args);
}

static int see_it_work(long (*bear)(void))
{
    long pid = bear();

    if (pid == 0) {
        while (beside_seconds(CLOCK_PROCESS_CPUTIME_ID) < WORK_S)
            ;
        _exit(0);
    }
    return pid > 0 && waitpid((pid_t)pid, NULL, __WALL) == (pid_t)pid;
}

int main(void)
{
    double began_s = beside_seconds(CLOCK_MONOTONIC);

    beside_an_hour();
    if (!see_it_work(by_clone) || !see_it_work(by_clone3))
        return 2;
    printf("%.6f\n", beside_seconds(CLOCK_MONOTONIC) - began_s);
    return 0;
}
