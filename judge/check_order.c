/* SPDX-License-Identifier: Apache-2.0 */
/* A batch that waits for its Retry-After keeps its place: when the wait is
 * over it comes before whatever was queued behind it.
 *
 * Only a client with one worker has an order on the wire; and where batches
 * pass each other by the profile (gate), there is none either. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/peaks.h"

#include <assert.h>

static bool one_at_a_time(const struct history *history)
{
    for (size_t i = 0; i + 1 < history->count; i++)
        if (history->items[i].outcome.to_ns == TIME_NEVER ||
            history->items[i + 1].attempt->arrived_ns <
                history->items[i].outcome.from_ns)
            return false;
    return history->plan->given.config[CONFIG_WORKERS] == 1;
}

static void judge_wait(const struct history *history, const struct peaks *peaks,
                       const struct attempt_view *view, struct verdict *verdict)
{
    size_t  place = (size_t)(view - history->items);
    int64_t open_ns = view->outcome.from_ns + view->obligation.wait.least_ns -
                      history->terms.early_ns;
    /* Before the wait is over it is check_gate.c's matter. */
    const struct attempt_view *other =
        peaks_first(peaks, place + 1, view->batch->index + 1, open_ns);

    assert(view->next > view && (other == NULL || other > view));
    if (other == NULL || other >= view->next)
        return;
    verdict_find(verdict, RULE_RA_13, "retry-after.order",
                 other->attempt->number,
                 "attempt %u (batch %zu) came before attempt %u, for "
                 "which batch %zu waited since attempt %u; allowed is "
                 "the order in which they were queued",
                 other->attempt->number, other->batch->index + 1,
                 view->next->attempt->number, view->batch->index + 1,
                 view->attempt->number);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    struct peaks peaks;

    if (!PROFILE_IS(history->profile, gate, GATE_ALL) || history->blind ||
        history->batch_count < 2 || !one_at_a_time(history))
        return;
    peaks_init(&peaks, history);
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];

        if (view->obligation.kind != OBLIGATION_RETRY_AFTER ||
            view->next == NULL)
            continue;
        verdict_saw(verdict, RULE_RA_13);
        judge_wait(history, &peaks, view, verdict);
    }
    peaks_clear(&peaks);
}

const struct check check_order = {
    .info =
        {
            .name = "retry-after.order",
            .rules = RULES(RULE_RA_13),
            .looks_at =
                "whether a batch queued later comes between a Retry-After "
                "and the retry that waited for it",
            .evidence = "the attempt that came first, the retry, and the "
                        "attempt that was told to wait. Only a client with "
                        "workers = 1 whose requests never overlap has an "
                        "order. Before the wait is over, RA-5 judges",
            .killed_by = LIST("requeued-at-the-tail"),
        },
    .judge = judge,
};
