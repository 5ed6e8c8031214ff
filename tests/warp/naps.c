/* SPDX-License-Identifier: Apache-2.0 */
/* A client that takes naps, beside threads that sleep an hour. A nap is about
 * as long as it takes to look at all threads: many end by themselves between
 * the look that finds everybody asleep and the jump, with the next one begun.
 * Time must not jump past who naps.
 *
 * Prints how many seconds the naps took. */

#include "beside.h"

#include <stdio.h>

enum { SLEEPERS = 30, NAPS = 1000 };

int main(void)
{
    double          began_s = beside_seconds(CLOCK_MONOTONIC);
    struct timespec naps[2]; /* one call is not the next: two addresses */

    for (int i = 0; i < SLEEPERS; i++)
        beside_an_hour();
    for (int i = 0; i < NAPS; i++) {
        naps[i % 2] = (struct timespec){.tv_nsec = 1000 * (50 + i % 400)};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &naps[i % 2], NULL);
    }
    printf("%.6f\n", beside_seconds(CLOCK_MONOTONIC) - began_s);
    return 0;
}
