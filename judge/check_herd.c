/* SPDX-License-Identifier: Apache-2.0 */
/* Two clients failing together do not come back together: what each adds by
 * chance to the law's wait is its own.
 *
 * One pair may well wait alike by chance, so many are asked, again and again:
 * before each counted retry, how close together do three quarters of their
 * waits lie? (Not all: one of them may be late.) Clients whose jitter comes
 * from the same seed wait alike every time. For one retry spread.h has the
 * chance that right clients do, and why no lateness and no machine that stops
 * can blame them; what each draws is its own from one retry to the next, so
 * the chance of all retries is that of the product (Fisher). Blamed is less
 * than one in a million. */

#include "judge/chance.h"
#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/spread.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define CHECK "backoff.herd"

/* A window is asked where it is wide against what a busy machine adds. */
#define WINDOW_LEAST_NS (150 * NS_PER_MS)

enum {
    CLIENTS_LEAST = 6,
    LEVELS_LEAST = 3,
    LEVELS_MAX = 16, /* the law has reached its cap long before */
};

/* The waits before the n-th counted retry, one of each client. */
struct level {
    bool               seen[PLAN_CLIENTS_MAX + 1]; /* by client */
    struct spread_wait waits[PLAN_CLIENTS_MAX];
    unsigned           clients;
    unsigned           attempt; /* the last that came */
};

static double seconds(int64_t time_ns)
{
    return (double)time_ns / (double)NS_PER_S;
}

static void add_wait(struct level *level, const struct attempt_view *view,
                     const struct window *own, int64_t wait_ns)
{
    double window_s = seconds(own->most_ns - own->least_ns);

    if (level->seen[view->batch->client])
        return;
    level->seen[view->batch->client] = true;
    level->waits[level->clients++] = (struct spread_wait){
        .place = seconds(wait_ns - own->least_ns) / window_s,
        .window_s = window_s,
        .answered_s = seconds(view->outcome.from_ns),
    };
    level->attempt = view->next->attempt->number;
}

/* By the retry's number; only waits that are certain to be the law's, where
 * it leaves room to tell them apart. */
static void gather(const struct history *history,
                   struct level          levels[LEVELS_MAX + 1])
{
    memset(levels, 0, (LEVELS_MAX + 1) * sizeof levels[0]);
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];
        const struct obligation   *obligation = &view->obligation;
        struct window              own;
        struct gap                 gap;

        if (view->batch == NULL || obligation->kind != OBLIGATION_BACKOFF ||
            obligation->must_stop || view->outcome.kind != OUTCOME_RETRIED ||
            obligation->retry_first != obligation->retry_last ||
            obligation->retry_first > LEVELS_MAX ||
            backoff_law_is_floored(&history->terms.backoff,
                                   obligation->retry_first))
            continue;
        own = terms_own_backoff(&history->terms, obligation->retry_first,
                                obligation->retry_last);
        gap = gap_of(history, view, &obligation->wait);
        if (gap.known && own.most_ns - own.least_ns >= WINDOW_LEAST_NS)
            add_wait(&levels[obligation->retry_first], view, &own, gap.ns);
    }
}

/* All retries that can be asked, taken together. */
struct herd {
    unsigned            asked;
    double              p;    /* that right clients come back together so */
    unsigned            last; /* the last retry that was asked about */
    struct spread_asked levels[LEVELS_MAX + 1]; /* count 0 = not asked */
};

static struct herd ask(const struct level         levels[LEVELS_MAX + 1],
                       const struct spread_slack *slack)
{
    struct herd herd = {0};
    double      logs = 0;

    for (unsigned n = 1; n <= LEVELS_MAX; n++) {
        const struct level  *level = &levels[n];
        struct spread_asked *asked = &herd.levels[n];
        size_t               most = (3 * level->clients + 3) / 4;

        if (level->clients < CLIENTS_LEAST)
            continue;
        asked->count = level->clients;
        asked->p = spread_alike(level->waits, level->clients, most, slack,
                                &asked->seen);
        logs += log(DBL_MIN + asked->p);
        herd.asked++;
        herd.last = n;
    }
    herd.p = chance_product(logs, herd.asked);
    return herd;
}

static void blame(const struct level levels[LEVELS_MAX + 1],
                  const struct herd *herd, struct verdict *verdict)
{
    const struct level *last = &levels[herd->last];
    double              window_s = last->waits[0].window_s;

    verdict_find(verdict, RULE_BACK_4, CHECK, last->attempt,
                 "%u clients that failed together came back together %u "
                 "times: right clients do so with p = %.1g; before counted "
                 "retry %u three quarters of their waits lay within %.3f s, "
                 "of a window of %.3f s",
                 last->clients, herd->asked, herd->p, herd->last,
                 herd->levels[herd->last].seen * window_s, window_s);
}

/* What is told of it, passed or failed. */
static void count(const struct history *history,
                  const struct level    levels[LEVELS_MAX + 1],
                  const struct herd *herd, struct verdict *verdict)
{
    struct statistic  *counted = verdict_count(verdict, RULE_BACK_4, CHECK);
    struct spread_wait waits[LEVELS_MAX * PLAN_CLIENTS_MAX];
    size_t             waited = 0;

    counted->test = alloc_text("a binomial's tail for each retry; Fisher's "
                               "product for all of them");
    counted->p = herd->p;
    counted->alpha = SPREAD_ALPHA;
    for (unsigned n = 1; n <= LEVELS_MAX; n++) {
        const struct spread_asked *level = &herd->levels[n];
        struct statistic_question *asked;
        char                       text[EVIDENCE_MAX];

        if (level->count == 0)
            continue;
        snprintf(text, sizeof text,
                 "three quarters are alike before counted retry %u", n);
        asked = statistic_ask(counted, text, "stretch");
        asked->samples = (unsigned)level->count;
        asked->seen = level->seen;
        asked->p = level->p;
        memcpy(waits + waited, levels[n].waits, level->count * sizeof waits[0]);
        waited += level->count;
    }
    evidence_spread(history, waits, waited, counted);
}

/* What holds only while this trial's noise is left out of account is
 * doubtful. */
static void judge(const struct history *history, struct verdict *verdict)
{
    bool                measured = history->record->noise.ticks > 0;
    struct level        levels[LEVELS_MAX + 1];
    struct spread_slack slack = {
        .grain_s = seconds(history->terms.early_ns),
        .noise_s = measured ? seconds(noise_stretch_ns(&history->record->noise))
                            : INFINITY,
    };
    struct herd herd;

    if (history->plan->given.clients < CLIENTS_LEAST ||
        PROFILE_OPEN(history->profile, jitter_spread))
        return;
    gather(history, levels);
    herd = ask(levels, &slack);
    if (herd.asked < LEVELS_LEAST)
        return;
    verdict_saw(verdict, RULE_BACK_4);
    count(history, levels, &herd, verdict);
    if (herd.p < SPREAD_ALPHA) {
        blame(levels, &herd, verdict);
        return;
    }
    slack.noise_s = 0;
    herd = ask(levels, &slack);
    if (measured && herd.p < SPREAD_ALPHA) {
        blame(levels, &herd, verdict);
        verdict_doubt(verdict);
    }
}

const struct check check_herd = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_BACK_4),
            .looks_at = "the waits of several clients before the same counted "
                        "retry, against each other",
            .evidence = "how many clients came back together and how often, "
                        "how often right clients do so (p, blamed below one in "
                        "a million), and how close together they were the last "
                        "time. It needs three windows of at least 0.15 s, and "
                        "six clients. See \"Many waits at once\" below",
            .killed_by = LIST("jitter-seeded-the-same"),
        },
    .judge = judge,
};
