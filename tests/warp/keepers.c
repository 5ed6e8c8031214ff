/* A client with a thread that calls itself as HotSpot's VM Thread does. While
 * the client sleeps half an hour, that rests 50 ms at a time, on a futex: time
 * need not stop for it. Then the client waits for it, beside a thread that
 * sleeps an hour, and it takes naps before it lets the client go on: time must
 * not jump past them.
 *
 * Prints how many seconds both took. */

#include "beside.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { HALF_AN_HOUR_S = 1800, REST_NS = 50000000, NAPS = 20, NAP_NS = 50000000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  asked;
static pthread_cond_t  reached;
static bool            is_asked;
static bool            is_reached;

static void rest(void)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += REST_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&asked, &mutex, &until);
}

static void *keep_house(void *unused)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};

    pthread_setname_np(pthread_self(), "VM Thread");
    pthread_mutex_lock(&mutex);
    while (!is_asked)
        rest();
    for (int i = 0; i < NAPS; i++)
        clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
    is_reached = true;
    pthread_cond_signal(&reached);
    pthread_mutex_unlock(&mutex);
    return unused;
}

static bool begin(void)
{
    pthread_condattr_t monotonic;
    pthread_t          keeper;

    return pthread_condattr_init(&monotonic) == 0 &&
           pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
           pthread_cond_init(&asked, &monotonic) == 0 &&
           pthread_cond_init(&reached, NULL) == 0 &&
           pthread_create(&keeper, NULL, keep_house, NULL) == 0;
}

int main(void)
{
    const struct timespec half_an_hour = {.tv_sec = HALF_AN_HOUR_S};
    double                began_s = beside_seconds(CLOCK_MONOTONIC);

    if (!begin())
        return 2;
    clock_nanosleep(CLOCK_MONOTONIC, 0, &half_an_hour, NULL);
    beside_an_hour();
    pthread_mutex_lock(&mutex);
    is_asked = true;
    pthread_cond_signal(&asked);
    while (!is_reached)
        pthread_cond_wait(&reached, &mutex);
    pthread_mutex_unlock(&mutex);
    printf("%.6f\n", beside_seconds(CLOCK_MONOTONIC) - began_s);
    return 0;
}
