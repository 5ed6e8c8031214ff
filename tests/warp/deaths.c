/* SPDX-License-Identifier: Apache-2.0 */
/* A client in which somebody dies all the time, beside a thread that sleeps an
 * hour. A death is an event: whoever waits for it is about to wake, so that
 * time must not jump to the end of that hour.
 *
 * Prints how many seconds the deaths took. */

#include "beside.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEATHS = 400 };

static void *die(void *unused)
{
    return unused;
}

/* A thread that is waited for, one that is not, and a process. */
static void see_them_die(void)
{
    pthread_t brief;
    pid_t     pid;

    if (pthread_create(&brief, NULL, die, NULL) != 0 ||
        pthread_join(brief, NULL) != 0 ||
        pthread_create(&brief, NULL, die, NULL) != 0 ||
        pthread_detach(brief) != 0)
        exit(2);
    pid = fork();
    if (pid == 0)
        _exit(0);
    if (pid < 0 || waitpid(pid, NULL, 0) != pid)
        exit(2);
}

int main(void)
{
    double began_s = beside_seconds(CLOCK_MONOTONIC);

    beside_an_hour();
    for (int i = 0; i < DEATHS; i++)
        see_them_die();
    printf("%.6f\n", beside_seconds(CLOCK_MONOTONIC) - began_s);
    return 0;
}
