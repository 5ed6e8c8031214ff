/* SPDX-License-Identifier: Apache-2.0 */
/* A client that waits in one of the ways there are, and says how long that
 * was on its own clock:
 *   warp_waits NAME SECONDS    prints the seconds that passed
 *   warp_waits                 prints the names */

#include <errno.h>
#include <linux/futex.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct timespec now(clockid_t id)
{
    struct timespec time;

    clock_gettime(id, &time);
    return time;
}

static struct timespec in(clockid_t id, long s)
{
    struct timespec time = now(id);

    time.tv_sec += s;
    return time;
}

static const struct timespec *span(long s)
{
    static _Thread_local struct timespec time;

    time = (struct timespec){.tv_sec = s};
    return &time;
}

/* Each gives whether the wait ended as one does whose time is over. */
static bool wait_nanosleep(long s)
{
    return nanosleep(span(s), NULL) == 0;
}

static bool wait_clock_nanosleep(long s)
{
    return clock_nanosleep(CLOCK_MONOTONIC, 0, span(s), NULL) == 0;
}

static bool wait_clock_nanosleep_at(long s)
{
    struct timespec at = in(CLOCK_MONOTONIC, s);

    return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == 0;
}

static bool wait_clock_nanosleep_wall(long s)
{
    struct timespec at = in(CLOCK_REALTIME, s);

    return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &at, NULL) == 0;
}

static bool futex(int operation, const struct timespec *time)
{
    static uint32_t word;

    return syscall(SYS_futex, &word, operation, 0, time, NULL,
                   FUTEX_BITSET_MATCH_ANY) < 0 &&
           errno == ETIMEDOUT;
}

static bool wait_futex(long s)
{
    return futex(FUTEX_WAIT_PRIVATE, span(s));
}

static bool wait_futex_bitset(long s)
{
    struct timespec at = in(CLOCK_MONOTONIC, s);

    return futex(FUTEX_WAIT_BITSET_PRIVATE, &at);
}

static bool wait_futex_bitset_wall(long s)
{
    struct timespec at = in(CLOCK_REALTIME, s);

    return futex(FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, &at);
}

struct waiter {
    uint64_t value;
    uint64_t address;
    uint32_t flags;
    uint32_t reserved;
};

static bool wait_futex_waitv(long s)
{
    static uint32_t word;
    struct waiter   waiter = {.address = (uintptr_t)&word, .flags = 2};
    struct timespec at = in(CLOCK_MONOTONIC, s);

    return syscall(449, &waiter, 1, 0, &at, CLOCK_MONOTONIC) < 0 &&
           (errno == ETIMEDOUT || errno == ENOSYS);
}

static bool wait_sem_timedwait(long s)
{
    struct timespec at = in(CLOCK_REALTIME, s);
    sem_t           sem;

    sem_init(&sem, 0, 0);
    return sem_timedwait(&sem, &at) < 0 && errno == ETIMEDOUT;
}

static bool wait_sem_clockwait(long s)
{
    struct timespec at = in(CLOCK_MONOTONIC, s);
    sem_t           sem;

    sem_init(&sem, 0, 0);
    return sem_clockwait(&sem, CLOCK_MONOTONIC, &at) < 0 && errno == ETIMEDOUT;
}

static bool condition(clockid_t id, long s)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t  cond = PTHREAD_COND_INITIALIZER;
    struct timespec at = in(id, s);

    pthread_mutex_lock(&mutex);
    return pthread_cond_clockwait(&cond, &mutex, id, &at) == ETIMEDOUT;
}

static bool wait_cond(long s)
{
    return condition(CLOCK_MONOTONIC, s);
}

static bool wait_cond_wall(long s)
{
    return condition(CLOCK_REALTIME, s);
}

static bool mutex(int protocol, long s)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t     locked;
    struct timespec     at = in(CLOCK_REALTIME, s);
    int                 code;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_NORMAL);
    pthread_mutex_init(&locked, &attributes);
    pthread_mutex_lock(&locked);
    code = pthread_mutex_timedlock(&locked, &at);
    return code == ETIMEDOUT || code == EDEADLK;
}

static bool wait_mutex(long s)
{
    return mutex(PTHREAD_PRIO_NONE, s);
}

static pthread_mutex_t inherited;

static void *hold(void *gate)
{
    pthread_mutex_lock(&inherited);
    sem_post(gate);
    pause();
    return NULL;
}

static bool wait_mutex_pi(long s)
{
    pthread_mutexattr_t attributes;
    struct timespec     at = in(CLOCK_REALTIME, s);
    pthread_t           holder;
    sem_t               gate;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&inherited, &attributes);
    sem_init(&gate, 0, 0);
    pthread_create(&holder, NULL, hold, &gate);
    sem_wait(&gate);
    return pthread_mutex_timedlock(&inherited, &at) == ETIMEDOUT;
}

static bool wait_poll(long s)
{
    return poll(NULL, 0, (int)s * 1000) == 0;
}

static bool wait_ppoll(long s)
{
    return ppoll(NULL, 0, span(s), NULL) == 0;
}

/* The sets must come back empty. */
static bool wait_select(long s)
{
    struct timeval time = {.tv_sec = s};
    int            pipes[2];
    fd_set         set;

    if (pipe(pipes) != 0)
        return false;
    FD_ZERO(&set);
    FD_SET(pipes[0], &set);
    return select(pipes[0] + 1, &set, NULL, NULL, &time) == 0 &&
           !FD_ISSET(pipes[0], &set) && time.tv_sec == 0;
}

static bool wait_pselect(long s)
{
    return pselect(0, NULL, NULL, NULL, span(s), NULL) == 0;
}

static bool wait_epoll_wait(long s)
{
    struct epoll_event event;

    return syscall(SYS_epoll_wait, epoll_create1(0), &event, 1,
                   (int)s * 1000) == 0;
}

static bool wait_epoll_pwait(long s)
{
    struct epoll_event event;
    sigset_t           none;

    sigemptyset(&none);
    return epoll_pwait(epoll_create1(0), &event, 1, (int)s * 1000, &none) == 0;
}

static bool wait_epoll_pwait2(long s)
{
    struct epoll_event event;

    return epoll_pwait2(epoll_create1(0), &event, 1, span(s), NULL) == 0;
}

static bool wait_sigtimedwait(long s)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return sigtimedwait(&set, NULL, span(s)) < 0 && errno == EAGAIN;
}

static bool wait_semtimedop(long s)
{
    struct sembuf down = {.sem_op = -1};
    int           id = semget(IPC_PRIVATE, 1, 0600);
    bool          ok = semtimedop(id, &down, 1, span(s)) < 0 && errno == EAGAIN;

    semctl(id, 0, IPC_RMID);
    return ok;
}

static bool wait_mq_timedreceive(long s)
{
    struct mq_attr  attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
    struct timespec at = in(CLOCK_REALTIME, s);
    char            name[64];
    char            message[8];
    mqd_t           queue;

    snprintf(name, sizeof name, "/retrial-%d", (int)getpid());
    queue = mq_open(name, O_CREAT | O_RDWR, 0600, &attributes);
    mq_unlink(name);
    return queue < 0 ||
           (mq_timedreceive(queue, message, sizeof message, NULL, &at) < 0 &&
            errno == ETIMEDOUT);
}

/* ---- timers ---- */

static bool expires(int fd, const struct itimerspec *when, int flags,
                    uint64_t times)
{
    uint64_t expirations;
    uint64_t total = 0;

    if (timerfd_settime(fd, flags, when, NULL) != 0)
        return false;
    while (total < times) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};

        if (poll(&ready, 1, -1) != 1 ||
            read(fd, &expirations, sizeof expirations) != sizeof expirations)
            return false;
        total += expirations;
    }
    return total == times;
}

static bool wait_timerfd(long s)
{
    struct itimerspec when = {.it_value = {.tv_sec = s}};

    return expires(timerfd_create(CLOCK_MONOTONIC, 0), &when, 0, 1);
}

static bool wait_timerfd_at(long s)
{
    struct itimerspec when = {.it_value = in(CLOCK_REALTIME, s)};

    return expires(timerfd_create(CLOCK_REALTIME, 0), &when, TFD_TIMER_ABSTIME,
                   1);
}

/* The first at a wall time, the others after it by that clock. */
static bool wait_timerfd_at_interval(long s)
{
    struct itimerspec when = {.it_value = in(CLOCK_REALTIME, s / 4),
                              .it_interval = {.tv_sec = s / 4}};

    return expires(timerfd_create(CLOCK_REALTIME, 0), &when, TFD_TIMER_ABSTIME,
                   4);
}

/* The same, but nobody rests for a while after the first. */
static bool wait_timerfd_at_busy(long s)
{
    struct itimerspec when = {.it_value = in(CLOCK_REALTIME, s / 4),
                              .it_interval = {.tv_sec = s / 4}};
    int               fd = timerfd_create(CLOCK_REALTIME, 0);
    struct timespec   until;
    uint64_t          expirations = 0;

    if (timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL) != 0 ||
        read(fd, &expirations, sizeof expirations) != sizeof expirations)
        return false;
    until = in(CLOCK_MONOTONIC, 2);
    while (now(CLOCK_MONOTONIC).tv_sec < until.tv_sec)
        ;
    for (uint64_t total = expirations; total < 4; total += expirations)
        if (read(fd, &expirations, sizeof expirations) != sizeof expirations)
            return false;
    return true;
}

/* By how much the wall clock is ahead of the other, in seconds. */
static long ahead(void)
{
    return now(CLOCK_REALTIME).tv_sec - now(CLOCK_MONOTONIC).tv_sec;
}

/* The same twice; between the two nobody rests until the clock was set. */
static bool wait_timerfd_at_awake(long s)
{
    struct itimerspec when = {.it_value = in(CLOCK_REALTIME, s / 2),
                              .it_interval = {.tv_sec = s / 2}};
    int               fd = timerfd_create(CLOCK_REALTIME, 0);
    long              before_s = ahead();
    struct timespec   until;
    uint64_t          expirations;

    if (!expires(fd, &when, TFD_TIMER_ABSTIME, 1))
        return false;
    until = in(CLOCK_MONOTONIC, 5);
    while (labs(ahead() - before_s) < 2 &&
           now(CLOCK_MONOTONIC).tv_sec < until.tv_sec)
        ;
    return read(fd, &expirations, sizeof expirations) == sizeof expirations &&
           expirations == 1;
}

/* Of the wall clock, but from now on: nobody who sets it changes that. */
static bool wait_timerfd_wall(long s)
{
    struct itimerspec when = {.it_value = {.tv_sec = s}};

    return expires(timerfd_create(CLOCK_REALTIME, 0), &when, 0, 1);
}

static bool wait_timerfd_interval(long s)
{
    struct itimerspec when = {.it_value = {.tv_sec = s / 4},
                              .it_interval = {.tv_sec = s / 4}};

    return expires(timerfd_create(CLOCK_BOOTTIME, 0), &when, 0, 4);
}

/* It goes off while nobody reads it: what that was is still to be had, and the
 * rest comes in time. */
static bool wait_timerfd_unread(long s)
{
    struct itimerspec when = {.it_value = {.tv_sec = s / 4},
                              .it_interval = {.tv_sec = s / 4}};
    int               fd = timerfd_create(CLOCK_MONOTONIC, 0);
    uint64_t          expirations;

    if (timerfd_settime(fd, 0, &when, NULL) != 0 ||
        nanosleep(span(s / 2 + s / 8), NULL) != 0 ||
        read(fd, &expirations, sizeof expirations) != sizeof expirations ||
        expirations != 2)
        return false;
    for (int i = 0; i < 2; i++)
        if (read(fd, &expirations, sizeof expirations) != sizeof expirations ||
            expirations != 1)
            return false;
    return true;
}

static void nothing(int sig)
{
    (void)sig;
}

static bool pauses(int sig)
{
    (void)sig;
    return pause() < 0 && errno == EINTR;
}

static bool wait_alarm(long s)
{
    signal(SIGALRM, nothing);
    alarm((unsigned)s);
    return pauses(SIGALRM);
}

static bool wait_setitimer(long s)
{
    struct itimerval when = {.it_value = {.tv_sec = s / 2},
                             .it_interval = {.tv_sec = s / 2}};

    signal(SIGALRM, nothing);
    setitimer(ITIMER_REAL, &when, NULL);
    return pauses(SIGALRM) && pauses(SIGALRM);
}

static bool signals(clockid_t id, int flags, const struct itimerspec *when,
                    int times)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR2};
    timer_t         timer;

    signal(SIGUSR2, nothing);
    timer_create(id, &event, &timer);
    timer_settime(timer, flags, when, NULL);
    while (times-- > 0)
        if (!pauses(SIGUSR2))
            return false;
    return true;
}

static bool wait_timer_create(long s)
{
    struct itimerspec when = {.it_value = {.tv_sec = s}};

    return signals(CLOCK_MONOTONIC, 0, &when, 1);
}

static bool wait_timer_create_at(long s)
{
    struct itimerspec when = {.it_value = in(CLOCK_REALTIME, s)};

    return signals(CLOCK_REALTIME, TIMER_ABSTIME, &when, 1);
}

static bool wait_timer_create_at_interval(long s)
{
    struct itimerspec when = {.it_value = in(CLOCK_REALTIME, s / 4),
                              .it_interval = {.tv_sec = s / 4}};

    return signals(CLOCK_REALTIME, TIMER_ABSTIME, &when, 4);
}

static bool wait_timer_create_wall(long s)
{
    struct itimerspec when = {.it_value = {.tv_sec = s}};

    return signals(CLOCK_REALTIME, 0, &when, 1);
}

/* ---- sockets ---- */

static bool wait_receive(long s)
{
    struct timeval time = {.tv_sec = s};
    int            fds[2];
    char           byte;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        return false;
    setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    return recv(fds[0], &byte, 1, 0) < 0 && errno == EAGAIN;
}

static bool wait_send(long s)
{
    static char    much[1 << 20];
    struct timeval time = {.tv_sec = s};
    int            fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        return false;
    setsockopt(fds[0], SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    while (write(fds[0], much, sizeof much) > 0)
        continue;
    return errno == EAGAIN;
}

static bool wait_accept(long s)
{
    struct timeval     time = {.tv_sec = s};
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int                fd = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    return bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
           listen(fd, 1) == 0 && accept(fd, NULL, NULL) < 0 && errno == EAGAIN;
}

/* ---- who waits ---- */

static void *sleep_there(void *s)
{
    nanosleep(span((long)(intptr_t)s), NULL);
    return NULL;
}

static bool wait_thread(long s)
{
    pthread_t thread;

    pthread_create(&thread, NULL, sleep_there, (void *)(intptr_t)s);
    return pthread_join(thread, NULL) == 0;
}

static bool wait_threads(long s)
{
    pthread_t threads[8];

    for (long i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, sleep_there,
                       (void *)(intptr_t)(s / (i + 1)));
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    return true;
}

static bool wait_fork(long s)
{
    pid_t pid = fork();

    if (pid == 0) {
        nanosleep(span(s), NULL);
        _exit(0);
    }
    return waitpid(pid, NULL, 0) == pid;
}

static bool wait_exec(long s)
{
    char command[64];

    snprintf(command, sizeof command, "sleep %ld & wait; exit 0", s);
    return system(command) == 0;
}

/* A signal ends a sleep early, as it should; the rest is slept after. */
static bool wait_interrupted(long s)
{
    struct timespec  rest;
    struct itimerval when = {.it_value = {.tv_sec = s / 2}};

    signal(SIGALRM, nothing);
    setitimer(ITIMER_REAL, &when, NULL);
    return nanosleep(span(s), &rest) < 0 && errno == EINTR &&
           nanosleep(span(s - s / 2), NULL) == 0;
}

/* In many small parts: a loop of polls, as libcurl's. */
static bool wait_ticks(long s)
{
    for (long i = 0; i < s; i++)
        if (poll(NULL, 0, 1000) != 0)
            return false;
    return true;
}

/* clang-format off */
#define WAIT_MAP(X)                                                           \
    X(nanosleep) X(clock_nanosleep) X(clock_nanosleep_at)                     \
    X(clock_nanosleep_wall) X(futex) X(futex_bitset) X(futex_bitset_wall)     \
    X(futex_waitv) X(sem_timedwait) X(sem_clockwait) X(cond) X(cond_wall)     \
    X(mutex) X(mutex_pi) X(poll) X(ppoll) X(select) X(pselect)                \
    X(epoll_wait) X(epoll_pwait) X(epoll_pwait2) X(sigtimedwait)              \
    X(semtimedop) X(mq_timedreceive) X(timerfd) X(timerfd_at)                 \
    X(timerfd_at_interval) X(timerfd_wall) X(timerfd_interval)                \
    X(timerfd_unread) X(alarm)                                                \
    X(setitimer) X(timer_create) X(timer_create_at)                           \
    X(timer_create_at_interval) X(timer_create_wall) X(receive) X(send)       \
    X(accept) X(thread) X(threads) X(fork) X(exec) X(interrupted) X(ticks)
/* clang-format on */

static const struct {
    const char *name;
    bool (*wait)(long s);
} ways[] = {
#define X(name) {#name, wait_##name},
    WAIT_MAP(X)
#undef X
};

static int try(bool (*wait)(long s), long s)
{
    struct timespec before = now(CLOCK_MONOTONIC);
    struct timespec wall = now(CLOCK_REALTIME);
    bool            ok = wait(s);
    struct timespec after = now(CLOCK_MONOTONIC);
    double          passed = (double)(after.tv_sec - before.tv_sec) +
                    (double)(after.tv_nsec - before.tv_nsec) / 1e9;
    double wall_passed = (double)(now(CLOCK_REALTIME).tv_sec - wall.tv_sec);

    printf("%.6f %s\n", passed, ok ? "timed out" : strerror(errno));
    if (wall_passed < passed - 2 || wall_passed > passed + 2)
        printf("but the wall clock says %.0f\n", wall_passed);
    return ok ? 0 : 1;
}

/* Of use only where the wall clock is set, so they are none of the ways above.
 */
static bool (*way_of_steps(const char *name))(long s)
{
    if (strcmp(name, "timerfd_at_awake") == 0)
        return wait_timerfd_at_awake;
    return strcmp(name, "timerfd_at_busy") == 0 ? wait_timerfd_at_busy : NULL;
}

int main(int argc, char **argv)
{
    if (argc == 3 && way_of_steps(argv[1]) != NULL)
        return try(way_of_steps(argv[1]), atol(argv[2]));
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (argc < 3)
            puts(ways[i].name);
        else if (strcmp(ways[i].name, argv[1]) == 0)
            return try(ways[i].wait, atol(argv[2]));
    }
    return argc < 3 ? 0 : 2;
}
