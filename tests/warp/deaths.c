/* A client in which somebody dies all the time, beside a thread that sleeps an
 * hour. A death is an event: whoever waits for it is about to wake, so that
 * time must not jump to the end of that hour.
 *
 * Prints how many seconds the deaths took. */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEATHS = 400 };

static void *sleep_an_hour(void *unused)
{
    const struct timespec hour = {.tv_sec = 3600};

    clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, NULL);
    return unused;
}

static void *die(void *unused)
{
    return unused;
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
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
    double    began_s = now_s();
    pthread_t sleeper;

    if (pthread_create(&sleeper, NULL, sleep_an_hour, NULL) != 0)
        return 2;
    for (int i = 0; i < DEATHS; i++)
        see_them_die();
    printf("%.6f\n", now_s() - began_s);
    return 0;
}
