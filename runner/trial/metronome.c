/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/metronome.h"

#include "common/alloc.h"
#include "common/io.h"
#include "runner/trial/sibling.h"
#include "server/loopback.h"

#include <fcntl.h>
#include <poll.h>
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

/* What the process sends: when it was meant to, and how late it was woken by
 * the newest answer since the beat before; UNHEARD = by none. */
struct beat {
    int64_t due_ns;
    int64_t woken_late_ns;
};

#define UNHEARD (-1)

/* One kind of lateness, again and again. */
struct series {
    int64_t  late_ns[KEPT_MAX];
    int64_t  max_ns;
    unsigned count;
};

struct metronome {
    const struct clock *clock;
    int                 fd;
    int                 far_fd; /* the other process's */
    struct sibling      other;
    bool                silent;  /* nothing more will come from there */
    struct series       rounds;
    struct series       answers;
    struct series       beats;
};

/* ---- the process that ticks ---- */

struct ticker {
    const struct clock *clock;
    int                 socket;
    int                 timer;
    int64_t             due_ns;
    int64_t             woken_late_ns;
};

static bool wait_from(struct ticker *ticker, int64_t now_ns)
{
    const int64_t           due_ns = now_ns + TICK_NS;
    const struct itimerspec when = {
        .it_value = {.tv_sec = due_ns / NS_PER_S, .tv_nsec = due_ns % NS_PER_S},
    };

    ticker->due_ns = due_ns;
    return timerfd_settime(ticker->timer, TFD_TIMER_ABSTIME, &when, NULL) == 0;
}

/* An answer is the time at which it was given; of several that came at once
 * the first has waited longest. */
static bool hear(struct ticker *ticker)
{
    int64_t given_ns[64];
    ssize_t got = read(ticker->socket, given_ns, sizeof given_ns);
    int64_t now_ns = clock_now_ns(ticker->clock);

    if (got < (ssize_t)sizeof given_ns[0])
        return false;
    ticker->woken_late_ns = now_ns - given_ns[0];
    return wait_from(ticker, now_ns);
}

static bool beat(struct ticker *ticker)
{
    const struct beat sent = {ticker->due_ns, ticker->woken_late_ns};
    uint64_t          expirations;

    ticker->woken_late_ns = UNHEARD;
    return read(ticker->timer, &expirations, sizeof expirations) > 0 &&
           write(ticker->socket, &sent, sizeof sent) == sizeof sent &&
           wait_from(ticker, clock_now_ns(ticker->clock));
}

/* Ends with the trial, or when nobody reads any more. */
static int tick(void *context)
{
    enum { OURS = 3 };
    const struct metronome *metronome = context;
    const struct clock     *clock = metronome->clock;
    struct ticker           ticker = {
                  .clock = clock, .socket = OURS, .woken_late_ns = UNHEARD};
    struct pollfd fds[2] = {{.fd = OURS, .events = POLLIN}};
    bool          alive;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    /* What else is open belongs to the trial: its end must be seen there. */
    if (metronome->far_fd != OURS)
        dup2(metronome->far_fd, OURS);
    close_range(OURS + 1, ~0U, 0);
    ticker.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    fds[1] = (struct pollfd){.fd = ticker.timer, .events = POLLIN};
    alive = wait_from(&ticker, clock_now_ns(clock));
    while (alive && poll(fds, 2, -1) > 0) {
        /* An answer starts the wait anew: a beat that fell due while this
         * process could not run would count the same stop twice. */
        if (fds[0].revents != 0)
            alive = hear(&ticker);
        else
            alive = beat(&ticker);
    }
    return 0;
}

/* ---- the trial's side ---- */

bool metronome_start(struct metronome **started, const struct clock *clock,
                     struct err *err)
{
    struct metronome *metronome;
    int               ends[LOOPBACK_ENDS];

    if (!loopback_connect(ends, err))
        return false;
    metronome = alloc_zero(1, sizeof *metronome);
    metronome->clock = clock;
    metronome->fd = ends[LOOPBACK_NEAR];
    metronome->far_fd = ends[LOOPBACK_FAR];
    if (!sibling_start(&metronome->other, tick, metronome)) {
        err_set_errno(err, "metronome", "no process for it");
        close(ends[LOOPBACK_NEAR]);
        close(ends[LOOPBACK_FAR]);
        alloc_free(metronome);
        return false;
    }
    close(ends[LOOPBACK_FAR]);
    fcntl(metronome->fd, F_SETFL, O_NONBLOCK);
    *started = metronome;
    return true;
}

void metronome_stop(struct metronome *metronome)
{
    if (metronome == NULL)
        return;
    /* Whoever ends all children of this process has ended it already, and then
     * its number may be somebody else's. */
    if (waitpid(metronome->other.pid, NULL, WNOHANG) == 0) {
        kill(metronome->other.pid, SIGKILL);
        waitpid(metronome->other.pid, NULL, 0);
    }
    sibling_forget(&metronome->other);
    close(metronome->fd);
    alloc_free(metronome);
}

pid_t metronome_pid(const struct metronome *metronome)
{
    return metronome->other.pid;
}

int metronome_fd(const struct metronome *metronome)
{
    return metronome->silent ? -1 : metronome->fd;
}

/* Whoever ends all children of this process has waited for it, if it ended. */
bool metronome_disturbed(const struct metronome *metronome)
{
    siginfo_t info = {0};

    /* Its connection closes before its end can be waited for. */
    return metronome->silent ||
           waitid(P_PID, (id_t)metronome->other.pid, &info,
                  WEXITED | WSTOPPED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid != 0;
}

static void note(struct series *series, int64_t late_ns)
{
    series->late_ns[series->count++ % KEPT_MAX] = late_ns;
    if (late_ns > series->max_ns)
        series->max_ns = late_ns;
}

static void take(struct metronome *metronome, const struct beat *beat,
                 int64_t now_ns)
{
    int64_t late_ns = now_ns - beat->due_ns;

    note(&metronome->beats, late_ns);
    if (beat->woken_late_ns != UNHEARD) {
        note(&metronome->answers, beat->woken_late_ns);
        late_ns += beat->woken_late_ns;
    }
    note(&metronome->rounds, late_ns);
}

void metronome_turn(struct metronome *metronome)
{
    struct beat beats[64]; /* whole ones: nobody else writes here */
    ssize_t     got = read(metronome->fd, beats, sizeof beats);
    int64_t     now_ns = clock_now_ns(metronome->clock);

    if (got == 0 || (got < 0 && !io_would_block()))
        metronome->silent = true;
    for (size_t i = 0; got > 0 && i < (size_t)got / sizeof beats[0]; i++)
        take(metronome, &beats[i], now_ns);
    /* One answer for all that came: it never waits for room. */
    now_ns = clock_now_ns(metronome->clock);
    if (got > 0)
        (void)!write(metronome->fd, &now_ns, sizeof now_ns);
}

/* ---- what was measured ---- */

static int by_size(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;

    return (*a > *b) - (*a < *b);
}

static struct noise_leg read_series(const struct series *series)
{
    size_t           kept = series->count < KEPT_MAX ? series->count : KEPT_MAX;
    int64_t         *sorted = alloc_zero(kept + 1, sizeof sorted[0]);
    struct noise_leg leg;

    memcpy(sorted, series->late_ns, kept * sizeof sorted[0]);
    qsort(sorted, kept, sizeof sorted[0], by_size);
    leg = (struct noise_leg){
        .p50_ns = sorted[kept / 2],
        .p999_ns =
            kept < 1000 ? series->max_ns : sorted[kept - 1 - kept / 1000],
        .max_ns = series->max_ns,
    };
    alloc_free(sorted);
    return leg;
}

void metronome_read(const struct metronome *metronome, struct noise *noise)
{
    *noise = (struct noise){
        .ticks = metronome->rounds.count,
        .late = read_series(&metronome->rounds),
        .answer = read_series(&metronome->answers),
        .beat = read_series(&metronome->beats),
    };
}
