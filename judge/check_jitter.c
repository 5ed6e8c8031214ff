/* SPDX-License-Identifier: Apache-2.0 */
/* Backoff has jitter: many waits, judged as a distribution.
 *
 * spread.h has the questions, how lateness bears on each, and the chance that
 * a right client is blamed. Here is which waits are asked: those whose cause
 * and whose place in the sequence are certain. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/spread.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "common/clock.h"

#include <math.h>
#include <stdio.h>

#define CHECK "backoff.jitter"

enum {
    GRAINS_MIN = 20, /* of the client's timer in a window */
    SAMPLES_MIN = 60,
};

struct samples {
    struct spread_wait *waits;
    size_t              count;
};

static double seconds(int64_t time_ns)
{
    return (double)time_ns / (double)NS_PER_S;
}

static void add_sample(const struct history      *history,
                       const struct attempt_view *view, struct samples *samples)
{
    const struct terms      *terms = &history->terms;
    const struct obligation *obligation = &view->obligation;
    struct window            own;
    struct gap               gap;
    int64_t                  window_ns;

    if (obligation->kind != OBLIGATION_BACKOFF || obligation->must_stop ||
        view->outcome.kind != OUTCOME_RETRIED ||
        obligation->retry_first != obligation->retry_last ||
        terms_capped(terms, obligation->retry_first) ||
        backoff_law_is_floored(&terms->backoff, obligation->retry_first))
        return;
    own = terms_own_backoff(terms, obligation->retry_first,
                            obligation->retry_last);
    window_ns = own.most_ns - own.least_ns;
    gap = gap_of(history, view, &own);
    if (!gap.known || view->next->unseen > 0 || window_ns == 0 ||
        window_ns + 1000 < GRAINS_MIN * terms->early_ns)
        return;
    samples->waits[samples->count++] = (struct spread_wait){
        .place = (double)(gap.ns - own.least_ns) / (double)window_ns,
        .window_s = seconds(window_ns),
        .answered_s = seconds(view->outcome.from_ns),
    };
}

/* Who waits for a Retry-After keeps the others waiting too, and lets them go
 * together. */
static bool has_retry_after(const struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->items[i].obligation.retry_after.kind !=
            RETRY_AFTER_NOTHING)
            return true;
    return false;
}

/* Nothing but its backoff keeps a batch waiting: there is a worker for each,
 * and no token to fetch. */
static bool has_hands_free(const struct history *history)
{
    int64_t workers = history->plan->given.config[CONFIG_WORKERS];
    int64_t batches[PLAN_CLIENTS_MAX + 1] = {0};

    if (workers == CONFIG_UNSET)
        workers = 1;
    for (size_t i = 0; i < history->batch_count; i++)
        if (++batches[history->batches[i].client] > workers)
            return false;
    return !history->terms.oauth && !history->blind;
}

/* ---- the words ---- */

/* "0 | 12 9 11 ... | 1": before the window, its tenths, after it. */
static void add_tenths(const struct statistic *statistic, struct bytes *text)
{
    bytes_format(text, "%u |", statistic->before);
    for (int i = 0; i < STATISTIC_BINS; i++)
        bytes_format(text, " %u", statistic->bins[i]);
    bytes_format(text, " | %u", statistic->after);
}

static void add_complaint(const struct spread_answer *answer,
                          struct bytes               *text)
{
    const struct spread_asked *asked = &answer->asked[answer->fault];

    switch (answer->fault) {
    case SPREAD_SHORT:
        bytes_format(text, "of %zu waits, %.0f %% too many are short",
                     asked->count, 100 * asked->seen);
        break;
    case SPREAD_LONG:
        bytes_format(text,
                     "of %zu waits, %.0f %% too many are long, all that "
                     "lateness may add taken off",
                     asked->count, 100 * asked->seen);
        break;
    case SPREAD_ALIKE:
        bytes_format(text,
                     "half of %zu waits lie within %.3f of the window, and "
                     "about 0.5 is right",
                     asked->count, asked->seen);
        break;
    }
}

static void blame(const struct history       *history,
                  const struct statistic     *counted,
                  const struct spread_answer *answer, struct verdict *verdict)
{
    struct bytes text;

    bytes_init(&text, ERR_TEXT_MAX);
    add_complaint(answer, &text);
    bytes_format(&text,
                 ": a right client does so with p = %.1g; the law is "
                 "even from %g to %g; all %u waits by tenths of that "
                 "window: ",
                 answer->p, history->profile->jitter_min,
                 history->profile->jitter_max, counted->samples);
    add_tenths(counted, &text);
    verdict_find(verdict, RULE_BACK_3, CHECK, 0, "%s", bytes_text(&text));
    bytes_clear(&text);
}

/* ---- what is told of it, passed or failed ---- */

static const struct statistic *count(const struct history       *history,
                                     const struct samples       *samples,
                                     const struct spread_answer *answer,
                                     const struct spread_slack  *slack,
                                     struct verdict             *verdict)
{
    static const char *const texts[SPREAD_FAULTS] = {
        [SPREAD_SHORT] = "too many are short",
        [SPREAD_LONG] = "too many are long",
        [SPREAD_ALIKE] = "half of them are alike",
    };
    struct statistic *counted = verdict_count(verdict, RULE_BACK_3, CHECK);

    evidence_spread(history, samples->waits, samples->count, counted);
    counted->test = alloc_text("Kolmogorov-Smirnov, one-sided and exact, from "
                               "either end; a binomial's tail for those alike");
    counted->p = answer->p;
    counted->alpha = SPREAD_ALPHA;
    for (size_t i = 0; i < SPREAD_FAULTS; i++) {
        struct statistic_question *asked;

        if (i == SPREAD_LONG && isinf(slack->late_s + slack->noise_s))
            continue; /* it could not be asked */
        asked = statistic_ask(counted, texts[i],
                              i == SPREAD_ALIKE ? "stretch" : "D");
        asked->samples = (unsigned)answer->asked[i].count;
        asked->seen = answer->asked[i].seen;
        asked->p = answer->asked[i].p;
    }
    return counted;
}

/* ---- the verdict ---- */

/* How late this trial was mostly made. */
static double mostly_s(const struct history *history)
{
    return seconds(history->record->noise.late.p50_ns);
}

/* What this trial's noise was, but for a client that waited for a processor:
 * that hides nobody's draws from us, it only excuses what is seen of them. */
static double exchange_s(const struct history *history)
{
    struct noise noise = history->record->noise;

    noise.starved_most_ns = 0;
    return seconds(noise_bound_ns(&noise));
}

/* What holds only while this trial's noise is left out of account is
 * doubtful; and where it could have hidden anything, so is silence. */
static void doubt(const struct history *history, struct samples *samples,
                  const struct spread_slack *quiet, bool blinded,
                  const struct statistic *counted, struct verdict *verdict)
{
    struct spread_answer answer =
        spread_ask(samples->waits, samples->count, quiet);

    if (answer.p < SPREAD_ALPHA) {
        blame(history, counted, &answer, verdict);
        verdict_doubt(verdict);
    } else if (blinded) {
        verdict_find(verdict, RULE_BACK_3, CHECK, 0,
                     "this trial's noise, %.3f s at its median, could have "
                     "hidden a client without jitter",
                     mostly_s(history));
        verdict_doubt(verdict);
    }
}

static void judge_samples(const struct history *history,
                          struct samples *samples, struct verdict *verdict)
{
    const struct terms *terms = &history->terms;
    bool                measured = history->record->noise.ticks > 0;
    struct spread_slack slack = {
        .grain_s = seconds(terms->early_ns),
        .late_s = has_hands_free(history) ? seconds(terms->late_ns) : INFINITY,
        .noise_s = INFINITY,
    };
    struct spread_slack     least = slack;
    struct spread_slack     most = slack;
    struct spread_answer    answer;
    const struct statistic *counted;
    bool                    blinded;

    if (measured) {
        least.noise_s = 0;
        slack.noise_s = exchange_s(history);
        most.noise_s = seconds(noise_stretch_ns(&history->record->noise));
    }
    answer = spread_ask(samples->waits, samples->count, &most);
    if (answer.p < SPREAD_ALPHA) {
        counted = count(history, samples, &answer, &most, verdict);
        blame(history, counted, &answer, verdict);
        return;
    }
    if (spread_is_blind(samples->waits, samples->count, &least, 0))
        return; /* too few, or their answers came all at once */
    blinded = measured && spread_is_blind(samples->waits, samples->count,
                                          &slack, mostly_s(history));
    if (blinded && !terms_name_rule(terms, RULE_BACK_3))
        return; /* it is another rule's trial, and need not settle this one */
    verdict_saw(verdict, RULE_BACK_3);
    counted = count(history, samples, &answer, &most, verdict);
    if (measured)
        doubt(history, samples, &least, blinded, counted, verdict);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    struct samples samples = {0};

    if (has_retry_after(history) ||
        PROFILE_OPEN(history->profile, jitter_spread))
        return;
    samples.waits = alloc_zero(history->count + 1, sizeof samples.waits[0]);
    for (size_t i = 0; i < history->count; i++)
        add_sample(history, &history->items[i], &samples);
    if (samples.count >= SAMPLES_MIN)
        judge_samples(history, &samples, verdict);
    alloc_free(samples.waits);
}

const struct check check_jitter = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_BACK_3),
            .looks_at = "how many counted waits spread over the profile's own "
                        "jitter",
            .evidence =
                "which of three questions was answered with yes, by how much, "
                "and of how many waits; how often a right client's waits do so "
                "(p, blamed below one in a million); all waits by tenths of "
                "the window. See \"Many waits at once\" below",
            .killed_by =
                LIST("backoff-without-jitter", "jitter-of-half-the-window",
                     "jitter-only-upwards", "jitter-normal",
                     "jitter-in-whole-seconds"),
        },
    .judge = judge,
};
