/* SPDX-License-Identifier: Apache-2.0 */
/* What reading the clock costs: nanoseconds a call, the least of many rounds,
 * by the C library, and by a system call. */

#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 40, CALLS = 20000, SYSTEM_CALLS = 500 };

static void by_library(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
}

static void by_call(void)
{
    struct timespec now;

    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
}

static double round_ns(void (*read_clock)(void), int calls)
{
    struct timespec began;
    struct timespec ended;

    clock_gettime(CLOCK_MONOTONIC, &began);
    for (int i = 0; i < calls; i++)
        read_clock();
    clock_gettime(CLOCK_MONOTONIC, &ended);
    return ((double)(ended.tv_sec - began.tv_sec) * 1e9 +
            (double)(ended.tv_nsec - began.tv_nsec)) /
           calls;
}

static double least_ns(void (*read_clock)(void), int calls)
{
    double least = round_ns(read_clock, calls);

    for (int i = 1; i < ROUNDS; i++) {
        double ns = round_ns(read_clock, calls);

        if (ns < least)
            least = ns;
    }
    return least;
}

int main(void)
{
    printf("%.1f %.1f\n", least_ns(by_library, CALLS),
           least_ns(by_call, SYSTEM_CALLS));
    return 0;
}
