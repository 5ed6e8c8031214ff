#include "runner/metronome.h"

#include "common/alloc.h"
#include "server/loopback.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Often enough for a trial of two seconds to have two hundred ticks, seldom
 * enough for forty trials at once to cost little. */
#define TICK_NS (10 * NS_PER_MS)

/* The lateness of so many ticks is kept, the newest over the oldest: forty
 * seconds of them. The greatest of all is never forgotten. */
enum { KEPT_MAX = 4096 };

struct metronome {
    const struct clock *clock;
    int                 fd;
    pid_t               pid;
    int64_t             late_ns[KEPT_MAX];
    int64_t             late_max_ns;
    unsigned            ticks;
};

/* ---- the process that ticks ---- */

static bool wait_until(int timer, int64_t due_ns)
{
    const struct itimerspec when = {
        .it_value = {.tv_sec = due_ns / NS_PER_S,
                     .tv_nsec = due_ns % NS_PER_S},
    };
    uint64_t expirations;

    return timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL) == 0 &&
           read(timer, &expirations, sizeof expirations) > 0;
}

/* Each message is the time at which it was meant to be sent. Ends with the
 * trial, or when nobody reads any more. */
static void tick(const struct clock *clock, int fd)
{
    enum { OURS = 3 };
    int     timer;
    int64_t due_ns;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    /* What else is open belongs to the trial: its end must be seen there. */
    if (fd != OURS)
        dup2(fd, OURS);
    close_range(OURS + 1, ~0U, 0);
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    do
        due_ns = clock_now_ns(clock) + TICK_NS;
    while (wait_until(timer, due_ns) &&
           write(OURS, &due_ns, sizeof due_ns) == sizeof due_ns);
    _exit(0);
}

/* ---- the trial's side ---- */

bool metronome_start(struct metronome **started, const struct clock *clock,
                     struct err *err)
{
    struct metronome *metronome;
    int               ends[LOOPBACK_ENDS];
    pid_t             pid;

    if (!loopback_connect(ends, err))
        return false;
    pid = fork();
    if (pid == 0)
        tick(clock, ends[LOOPBACK_FAR]);
    close(ends[LOOPBACK_FAR]);
    if (pid < 0) {
        close(ends[LOOPBACK_NEAR]);
        return err_set_errno(err, "metronome", "no process for it");
    }
    fcntl(ends[LOOPBACK_NEAR], F_SETFL, O_NONBLOCK);
    metronome = alloc_zero(1, sizeof *metronome);
    metronome->clock = clock;
    metronome->fd = ends[LOOPBACK_NEAR];
    metronome->pid = pid;
    *started = metronome;
    return true;
}

void metronome_stop(struct metronome *metronome)
{
    if (metronome == NULL)
        return;
    /* Whoever ends all children of this process has ended it already, and then
     * its number may be somebody else's. */
    if (waitpid(metronome->pid, NULL, WNOHANG) == 0) {
        kill(metronome->pid, SIGKILL);
        waitpid(metronome->pid, NULL, 0);
    }
    close(metronome->fd);
    alloc_free(metronome);
}

int metronome_fd(const struct metronome *metronome)
{
    return metronome->fd;
}

void metronome_turn(struct metronome *metronome)
{
    int64_t due_ns[64]; /* whole messages: nobody else writes here */
    ssize_t got = read(metronome->fd, due_ns, sizeof due_ns);
    int64_t now_ns = clock_now_ns(metronome->clock);

    for (size_t i = 0; got > 0 && i < (size_t)got / sizeof due_ns[0]; i++) {
        int64_t late_ns = now_ns - due_ns[i];

        metronome->late_ns[metronome->ticks++ % KEPT_MAX] = late_ns;
        if (late_ns > metronome->late_max_ns)
            metronome->late_max_ns = late_ns;
    }
}

static int by_size(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;

    return (*a > *b) - (*a < *b);
}

void metronome_read(const struct metronome *metronome, struct noise *noise)
{
    size_t   kept = metronome->ticks < KEPT_MAX ? metronome->ticks : KEPT_MAX;
    int64_t *sorted = alloc_zero(kept + 1, sizeof sorted[0]);

    memcpy(sorted, metronome->late_ns, kept * sizeof sorted[0]);
    qsort(sorted, kept, sizeof sorted[0], by_size);
    *noise = (struct noise){
        .ticks = metronome->ticks,
        .late_p50_ns = sorted[kept / 2],
        .late_p999_ns = kept < 1000 ? metronome->late_max_ns
                                    : sorted[kept - 1 - kept / 1000],
        .late_max_ns = metronome->late_max_ns,
    };
    alloc_free(sorted);
}
