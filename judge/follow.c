/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/follow.h"

#include "common/alloc.h"
#include "judge/count.h"
#include "judge/quota.h"

#include <assert.h>

static bool has_unknown(const struct batch_view *batch)
{
    for (const struct attempt_view *view = batch->first; view != NULL;
         view = view->next)
        if (view->outcome.kind == OUTCOME_UNKNOWN)
            return true;
    return false;
}

/* When the client was done with the batch at the latest: where a retry might
 * still have come, but never came, when it was due. */
static int64_t done_ns(const struct history      *history,
                       const struct attempt_view *last)
{
    if (last->outcome.kind == OUTCOME_UNKNOWN ||
        last->outcome.to_ns == TIME_NEVER)
        return INT64_MAX;
    if (last->obligation.must_stop)
        return last->outcome.to_ns;
    return last->outcome.to_ns + last->obligation.wait.most_ns +
           history->terms.late_ns + history->terms.noise_ns;
}

/* Attempts that may have come since, unseen. What an idle connection swallowed
 * a client that counts has counted. */
static unsigned missing_before(const struct history      *history,
                               const struct attempt_view *view,
                               int64_t                    since_ns)
{
    int64_t  until_ns = view->attempt->arrived_ns;
    unsigned before = view->previous ? view->previous->claimed : 0;
    unsigned idle = unseen_idle(&history->unseen, until_ns);
    unsigned claimed = view->claimed - before;

    assert(view->claimed >= before);
    if (history->counts && count_said(history, view) != COUNT_NONE &&
        claimed < idle)
        idle = claimed;
    return unseen_struck(&history->unseen, since_ns, until_ns) + idle;
}

static void find_outcomes(struct history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        struct attempt_view *view = &history->items[i];

        if (view->batch != NULL)
            view->outcome = outcome_of(&history->terms, history->record,
                                       view->attempt, view->next != NULL);
    }
}

static void follow_batch(const struct history *history,
                         struct batch_view *batch, const enum quota *quotas)
{
    struct course course = {0};
    int64_t       since_ns = 0;

    assert(batch->first != NULL);
    for (struct attempt_view *view = batch->first; view != NULL;
         view = view->next) {
        view->unseen = missing_before(history, view, since_ns);
        obligation_miss(&course, view->unseen);
        since_ns = view->attempt->arrived_ns;
        view->obligation = obligation_next(
            &history->terms, &course, view->attempt, &view->outcome,
            quotas != NULL ? quotas[view - history->items] : QUOTA_ENOUGH);
    }
    batch->unknown = has_unknown(batch);
    batch->done_ns = done_ns(history, batch->last);
}

void follow_batches(struct history *history)
{
    enum quota *quotas;

    assert(history->batches != NULL && history->busy == NULL);
    find_outcomes(history);
    quotas = quota_find(history);
    for (size_t i = history->batch_count; i-- > 0;) {
        struct batch_view *batch = &history->batches[i];
        struct retried    *retried = &history->retried[batch->client];

        follow_batch(history, batch, quotas);
        if (batch->attempts > 1) {
            retried->batches++;
            retried->first = i;
        }
    }
    alloc_free(quotas);
}
