/* Two clients failing together do not come back together: what each adds by
 * chance to the law's wait is its own.
 *
 * One pair may well wait alike by chance, so many are asked, again and again:
 * before each counted retry, into what share of the law's window do all their
 * waits fall? Clients whose jitter comes from the same seed wait alike every
 * time; with jitter of their own, k clients fall into a share s with a chance
 * below k s^(k-1). Blamed is a geometric mean of a seventh or less over three
 * windows: below 2e-8 for six clients, and below 1e-12 for eight. What the
 * machine does only spreads the waits further, so it blames nobody; and where
 * it does so in one window, the others still tell. */

#include "judge/check.h"
#include "judge/evidence.h"

#include "common/clock.h"

#include <string.h>

#define CHECK "backoff.herd"

/* A window is asked where it is wide against what a busy machine adds. */
#define WINDOW_LEAST_NS (150 * NS_PER_MS)

#define SHARE_MOST (1.0 / 7)

enum {
    CLIENTS_LEAST = 6,
    LEVELS_LEAST = 3,
    LEVELS_MAX = 16, /* the law has reached its cap long before */
};

/* The waits before the n-th counted retry, one of each client. */
struct level {
    bool     seen[PLAN_CLIENTS_MAX + 1]; /* by client */
    unsigned clients;
    int64_t  least_ns;
    int64_t  most_ns;
    unsigned attempt; /* the last that came */
};

static void add_wait(struct level *level, const struct seen *seen,
                     int64_t wait_ns)
{
    if (level->seen[seen->batch->client])
        return;
    level->seen[seen->batch->client] = true;
    if (level->clients == 0 || wait_ns < level->least_ns)
        level->least_ns = wait_ns;
    if (level->clients == 0 || wait_ns > level->most_ns)
        level->most_ns = wait_ns;
    level->clients++;
    level->attempt = seen->next->attempt->number;
}

/* By the retry's number; only waits that are certain to be the law's. */
static void gather(const struct history *history,
                   struct level          levels[LEVELS_MAX + 1])
{
    memset(levels, 0, (LEVELS_MAX + 1) * sizeof levels[0]);
    for (size_t i = 0; i < history->count; i++) {
        const struct seen *seen = &history->items[i];
        const struct duty *duty = &seen->duty;
        struct gap         gap;

        if (seen->batch == NULL || duty->kind != DUTY_BACKOFF ||
            duty->must_stop || seen->fate.kind != FATE_RETRIED ||
            duty->retry_first != duty->retry_last ||
            duty->retry_first > LEVELS_MAX)
            continue;
        gap = history_gap(history, seen, &duty->wait);
        if (gap.known)
            add_wait(&levels[duty->retry_first], seen, gap.ns);
    }
}

static int64_t window_ns(const struct history *history, unsigned retry)
{
    struct window own = terms_own_backoff(&history->terms, retry, retry);

    return own.most_ns - own.least_ns;
}

/* All windows that can be asked, taken together. */
struct herd {
    unsigned asked;
    double   shares; /* the product of all shares, */
    double   most;   /* ... and what it may be at most to be blamed */
    unsigned last;   /* the last retry that was asked about */
};

static struct herd ask(const struct history *history,
                       const struct level    levels[LEVELS_MAX + 1])
{
    struct herd herd = {.shares = 1, .most = 1};

    for (unsigned n = 1; n <= LEVELS_MAX; n++) {
        const struct level *level = &levels[n];
        int64_t             wide_ns = window_ns(history, n);

        if (level->clients < CLIENTS_LEAST || wide_ns < WINDOW_LEAST_NS)
            continue;
        herd.asked++;
        herd.last = n;
        herd.shares *=
            (double)(level->most_ns - level->least_ns) / (double)wide_ns;
        herd.most *= SHARE_MOST;
    }
    return herd;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    struct level levels[LEVELS_MAX + 1];
    struct herd  herd;
    char         apart[EVIDENCE_MAX];

    if (history->plan->given.clients < CLIENTS_LEAST)
        return;
    gather(history, levels);
    herd = ask(history, levels);
    if (herd.asked < LEVELS_LEAST)
        return;
    verdict_saw(verdict, "BACK-4");
    if (herd.shares <= herd.most)
        verdict_find(verdict, "BACK-4", CHECK, levels[herd.last].attempt,
                     "%u clients that failed together came back together %u "
                     "times; their waits before counted retry %u were %s "
                     "apart, in a window of %.3f s",
                     levels[herd.last].clients, herd.asked, herd.last,
                     evidence_seconds(apart, levels[herd.last].most_ns -
                                                 levels[herd.last].least_ns),
                     (double)window_ns(history, herd.last) / (double)NS_PER_S);
}

const struct check check_herd = {
    .info = {
        .name = CHECK,
        .rules = LIST("BACK-4"),
        .looks_at = "the waits of several clients before the same counted "
                    "retry, against each other",
        .killed_by = LIST("jitter-seeded-the-same"),
    },
    .judge = judge,
};
