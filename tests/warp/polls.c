/* SPDX-License-Identifier: Apache-2.0 */
/* A client that looks whether something has come, every second, so often:
 *   warp_polls TIMES    prints the seconds that passed */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    long            times = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    struct timespec began;
    struct timespec ended;

    clock_gettime(CLOCK_MONOTONIC, &began);
    for (long i = 0; i < times; i++)
        poll(NULL, 0, 1000);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%ld\n", (long)(ended.tv_sec - began.tv_sec));
    return 0;
}
