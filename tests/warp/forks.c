/* SPDX-License-Identifier: Apache-2.0 */
/* A client that begins as launchers do: many processes at once, each of which
 * starts many that end at once; then some whose parents have gone before them.
 * Then it sleeps an hour. A child that is dead before its birth was told, and
 * is taken for one that lives, would let time stand still for ever.
 *
 * Prints how many seconds all took. */

#include "beside.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 5, PARENTS = 20, CHILDREN = 10 };

static pid_t bear(void (*live)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        live();
        _exit(0);
    }
    if (pid < 0)
        exit(2);
    return pid;
}

static void die(void)
{
}

static void have_children(void)
{
    for (int i = 0; i < CHILDREN; i++)
        bear(die);
    while (wait(NULL) > 0)
        continue;
}

/* It leaves them to whoever takes in orphans. */
static void leave_children(void)
{
    for (int i = 0; i < CHILDREN; i++)
        bear(die);
}

int main(void)
{
    const struct timespec hour = {.tv_sec = 3600};
    double                began_s = beside_seconds(CLOCK_MONOTONIC);

    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < PARENTS; i++)
            bear(i % 2 == 0 ? have_children : leave_children);
        while (wait(NULL) > 0)
            continue;
    }
    clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, NULL);
    printf("%.6f\n", beside_seconds(CLOCK_MONOTONIC) - began_s);
    return 0;
}
