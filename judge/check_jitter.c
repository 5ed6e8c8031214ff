/* Backoff has jitter, seen in many waits at once.
 *
 * Each wait is measured in windows of the profile's own jitter: 0 is the
 * least factor on the law, 1 the greatest. A right client's waits lie evenly
 * between the two, so the shortest stretch that holds half of them is about
 * 0.5 long; one without jitter has them all in one place. Blamed is less than
 * 0.15.
 *
 * Lateness only adds to a wait. As long as it does not know the wait it was
 * added to, it cannot bring waits closer together: of an even spread plus
 * anything, a stretch of 0.15 holds 0.15 on average, and a twentieth more
 * where the client's timer has a grain. That 60 waits put 30 of themselves
 * into one such stretch has a chance of less than 60 x P(Bin(59, 0.2) >= 29)
 * = 3.1e-5, and the 192 of backoff/jitter 9.1e-18. What would bring waits
 * together is a machine that stops for a moment, when all that fell due
 * meanwhile comes at once. Then the waits differ by as much as the answers
 * lay apart, so only answers that lay apart twice that far are judged. */

#include "judge/check.h"
#include "judge/evidence.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <stdlib.h>

#define SPREAD_MIN 0.15

enum {
    SAMPLES_MIN = 60,
    GRAINS_MIN = 20, /* of the client's timer in a window */
};

/* Both in windows: the waits, and when their answers were given. */
struct samples {
    double *waits;
    double *answers;
    size_t  count;
};

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* The shortest stretch that holds half of them. */
static double shortest_half(double *values, size_t count)
{
    size_t half = (count + 1) / 2;
    double shortest;

    qsort(values, count, sizeof values[0], ascending);
    shortest = values[count - 1] - values[0];
    for (size_t i = 0; i + half <= count; i++)
        if (values[i + half - 1] - values[i] < shortest)
            shortest = values[i + half - 1] - values[i];
    return shortest;
}

static void add_sample(const struct history *history, const struct seen *seen,
                       struct samples *samples)
{
    const struct terms *terms = &history->terms;
    const struct duty  *duty = &seen->duty;
    struct window       own;
    struct gap          gap;
    double              window_ns;

    if (duty->kind != DUTY_BACKOFF || duty->must_stop ||
        seen->fate.kind != FATE_RETRIED ||
        duty->retry_first != duty->retry_last ||
        terms_capped(terms, duty->retry_first))
        return;
    own = terms_own_backoff(terms, duty->retry_first, duty->retry_last);
    window_ns = (double)(own.most_ns - own.least_ns);
    gap = history_gap(history, seen, &own);
    if (!gap.known || window_ns < GRAINS_MIN * (double)terms->early_ns * 0.99)
        return;
    samples->waits[samples->count] =
        (double)(gap.ns - own.least_ns) / window_ns;
    samples->answers[samples->count] = (double)seen->fate.to_ns / window_ns;
    samples->count++;
}

/* Who waits for a Retry-After keeps the others waiting too, and lets them go
 * together. */
static bool was_told(const struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->items[i].duty.told.kind != TOLD_NOTHING)
            return true;
    return false;
}

static void judge_samples(const struct history *history,
                          struct samples *samples, struct verdict *verdict)
{
    double spread;

    if (samples->count < SAMPLES_MIN ||
        shortest_half(samples->answers, samples->count) < 2 * SPREAD_MIN)
        return;
    verdict_saw(verdict, "BACK-3");
    spread = shortest_half(samples->waits, samples->count);
    if (spread < SPREAD_MIN)
        verdict_find(verdict, "BACK-3", "backoff.jitter", 0,
                     "half of %zu counted waits lie within %.3f of the "
                     "jitter's window (%g to %g of the law); allowed is %g "
                     "at least, and about 0.5 is right",
                     samples->count, spread, history->profile->jitter_min,
                     history->profile->jitter_max, SPREAD_MIN);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    struct samples samples = {0};

    if (was_told(history))
        return;
    samples = (struct samples){
        .waits = alloc_zero(history->count + 1, sizeof samples.waits[0]),
        .answers = alloc_zero(history->count + 1, sizeof samples.answers[0]),
    };
    for (size_t i = 0; i < history->count; i++)
        add_sample(history, &history->items[i], &samples);
    judge_samples(history, &samples, verdict);
    alloc_free(samples.waits);
    alloc_free(samples.answers);
}

const struct check check_jitter = {
    .info = {
        .name = "backoff.jitter",
        .rules = LIST("BACK-3"),
        .looks_at = "how far apart many counted waits lie, within the "
                    "profile's own jitter",
        .killed_by = LIST("backoff-without-jitter"),
    },
    .judge = judge,
};
