/* A client that takes naps, beside threads that sleep an hour. A nap is about
 * as long as it takes to look at all threads: many end by themselves between
 * the look that finds everybody asleep and the jump, with the next one begun.
 * Time must not jump past who naps.
 *
 * Prints how many seconds the naps took. */

#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { SLEEPERS = 30, NAPS = 1000 };

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *sleep_an_hour(void *unused)
{
    const struct timespec hour = {.tv_sec = 3600};

    clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, NULL);
    return unused;
}

int main(void)
{
    double          began_s = seconds();
    struct timespec naps[2]; /* one call is not the next: two addresses */
    pthread_t       sleeper;

    for (int i = 0; i < SLEEPERS; i++)
        if (pthread_create(&sleeper, NULL, sleep_an_hour, NULL) != 0)
            return 2;
    for (int i = 0; i < NAPS; i++) {
        naps[i % 2] = (struct timespec){.tv_nsec = 1000 * (50 + i % 400)};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &naps[i % 2], NULL);
    }
    printf("%.6f\n", seconds() - began_s);
    return 0;
}
