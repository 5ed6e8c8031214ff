/* SPDX-License-Identifier: Apache-2.0 */
#include "beside.h"

#include <pthread.h>
#include <stdlib.h>

double beside_seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *sleep_an_hour(void *unused)
{
    const struct timespec hour = {.tv_sec = 3600};

    clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, NULL);
    return unused;
}

void beside_an_hour(void)
{
    pthread_t sleeper;

    if (pthread_create(&sleeper, NULL, sleep_an_hour, NULL) != 0)
        exit(2);
}
