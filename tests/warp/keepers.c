/* SPDX-License-Identifier: Apache-2.0 */
/* A client with a thread that calls itself as HotSpot's VM Thread does, and
 * rests as that does, a second at a time on a futex. In a process that has
 * HotSpot's library time need not stop for it while the client sleeps half an
 * hour; in one that has not, it must, as for anybody. The argument is a file to
 * map, whose name is the library's or is not.
 *
 * Then the client asks something of it, beside a thread that sleeps an hour.
 * Nobody wakes it: it finds that when its rest is over. It takes naps, on a
 * futex, too, and lets the client go on. Time must jump past neither.
 *
 * Prints how many seconds all took. */

#include "beside.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HALF_AN_HOUR_S = 1800, NAPS = 20 };

#define REST_NS 1000000000L
#define NAP_NS  50000000L

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  never;
static pthread_cond_t  reached;
static bool            is_asked;
static bool            is_reached;

static void wait_for(long span_ns)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += span_ns;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&never, &mutex, &until);
}

static void *keep_house(void *unused)
{
    pthread_setname_np(pthread_self(), "VM Thread");
    pthread_mutex_lock(&mutex);
    while (!is_asked)
        wait_for(REST_NS);
    for (int i = 0; i < NAPS; i++)
        wait_for(NAP_NS);
    is_reached = true;
    pthread_cond_signal(&reached);
    pthread_mutex_unlock(&mutex);
    return unused;
}

static bool begin(const char *library)
{
    int                fd = open(library, O_RDONLY);
    pthread_condattr_t monotonic;
    pthread_t          keeper;

    return fd >= 0 &&
           mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED &&
           pthread_condattr_init(&monotonic) == 0 &&
           pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
           pthread_cond_init(&never, &monotonic) == 0 &&
           pthread_cond_init(&reached, NULL) == 0 &&
           pthread_create(&keeper, NULL, keep_house, NULL) == 0;
}

int main(int argc, char **argv)
{
    const struct timespec half_an_hour = {.tv_sec = HALF_AN_HOUR_S};
    double                began_s = beside_seconds(CLOCK_MONOTONIC);

    if (argc < 2 || !begin(argv[1]))
        return 2;
    clock_nanosleep(CLOCK_MONOTONIC, 0, &half_an_hour, NULL);
    beside_an_hour();
    pthread_mutex_lock(&mutex);
    is_asked = true;
    while (!is_reached)
        pthread_cond_wait(&reached, &mutex);
    pthread_mutex_unlock(&mutex);
    printf("%.6f\n", beside_seconds(CLOCK_MONOTONIC) - began_s);
    return 0;
}
