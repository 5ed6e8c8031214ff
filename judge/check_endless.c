/* SPDX-License-Identifier: Apache-2.0 */
/* Endless 429 with Retry-After ends: by the longest rate-limit duration or a
 * bound on attempts. Only where a client lives longer than the duration can it
 * be seen to miss it. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/leaving.h"

#define CHECK "retry-after.endless"

/* The first attempt of the batch that was told to wait; NULL = none. */
static const struct attempt_view *first_with_retry_after(
    const struct batch_view *batch)
{
    const struct attempt_view *view = batch->first;

    while (view != NULL && view->obligation.kind != OBLIGATION_RETRY_AFTER)
        view = view->next;
    return view;
}

static void judge_batch(const struct history    *history,
                        const struct batch_view *batch, struct verdict *verdict)
{
    const struct client_outcome *outcome = &history->record->outcome;
    const struct attempt_view   *asking = first_with_retry_after(batch);
    int64_t       allowed_ns = history->terms.rate_limit_budget_ns;
    enum lateness lateness;
    int64_t       went_on_ns;
    char          went_on[EVIDENCE_MAX];
    char          allowed[EVIDENCE_MAX];

    if (asking == NULL ||
        batch->last->obligation.kind != OBLIGATION_RETRY_AFTER)
        return;
    if (outcome->end != CLIENT_TIMED_OUT) {
        if (leaving_by_itself(history))
            verdict_saw(verdict, RULE_RA_11);
        return;
    }
    went_on_ns = batch->last->attempt->arrived_ns - asking->outcome.to_ns;
    lateness = gap_lateness(history, went_on_ns, allowed_ns);
    if (lateness == LATENESS_NONE)
        return;
    verdict_saw(verdict, RULE_RA_11);
    verdict_find(verdict, RULE_RA_11, CHECK, batch->last->attempt->number,
                 "attempt %u still came %s after the first 429 with "
                 "Retry-After, and the client had to be ended; allowed is %s",
                 batch->last->attempt->number,
                 evidence_seconds(went_on, went_on_ns),
                 evidence_seconds(allowed, allowed_ns));
    if (lateness == LATENESS_DOUBTFUL)
        verdict_doubt(verdict);
}

/* The profile bounds how often a batch is rate-limited. */
static void judge_tries(const struct history      *history,
                        const struct attempt_view *view,
                        struct verdict            *verdict)
{
    char answer[EVIDENCE_MAX];

    if (view->obligation.spent != SPENT_LIMITS ||
        !leaving_went_on(history, view))
        return;
    verdict_saw(verdict, RULE_RA_11);
    if (view->next != NULL)
        verdict_find(verdict, RULE_RA_11, CHECK, view->next->attempt->number,
                     "attempt %u came after attempt %u failed (%s), when the "
                     "batch had been rate-limited as often as is allowed, %g "
                     "times",
                     view->next->attempt->number, view->attempt->number,
                     evidence_answer(answer, view),
                     history->profile->max_rate_limited_tries);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < history->count; i++)
        judge_tries(history, &history->items[i], verdict);
    if (history->terms.rate_limit_budget_ns >= history->terms.life_ns)
        return;
    for (size_t i = 0; i < history->batch_count; i++)
        judge_batch(history, &history->batches[i], verdict);
}

const struct check check_endless = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_RA_11),
            .looks_at = "whether a batch that only ever meets 429 with "
                        "Retry-After is given up in the end",
            .evidence = "the last attempt and how long after the first rate "
                        "limit it came",
            .killed_by = LIST("rate-limited-for-ever"),
        },
    .judge = judge,
};
