/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/gap.h"

#include "judge/busy.h"

#include <assert.h>

enum lateness gap_lateness(const struct history *history, int64_t took_ns,
                           int64_t law_ns)
{
    int64_t over_ns = took_ns - law_ns - history->terms.late_ns;

    if (over_ns <= 0)
        return LATENESS_NONE;
    return over_ns <= history->terms.noise_ns ? LATENESS_DOUBTFUL
                                              : LATENESS_CERTAIN;
}

/* How late the attempt came: after the answer, and after the client was free
 * of its other batches. */
static void weigh_lateness(const struct history      *history,
                           const struct attempt_view *view,
                           const struct window *due, struct gap *gap)
{
    int64_t       arrived_ns = view->next->attempt->arrived_ns;
    int64_t       free_ns;
    enum lateness lateness;

    assert(view->batch != NULL && view->outcome.to_ns != TIME_NEVER);
    if (view->next->unseen > 0 ||
        gap_lateness(history, arrived_ns - view->outcome.to_ns, due->most_ns) ==
            LATENESS_NONE)
        return;
    free_ns =
        busy_until_ns(history, view->batch, view->outcome.to_ns, arrived_ns);
    lateness = gap_lateness(history, arrived_ns - free_ns, due->most_ns);
    gap->late = lateness != LATENESS_NONE;
    gap->doubtful = lateness == LATENESS_DOUBTFUL;
}

struct gap gap_of(const struct history      *history,
                  const struct attempt_view *view, const struct window *due)
{
    const struct terms *terms = &history->terms;
    struct gap          gap = {0};
    int64_t             arrived_ns;

    assert(due->least_ns <= due->most_ns);
    if (view->next == NULL || view->outcome.from_ns == TIME_NEVER ||
        view->next->attempt->arrived_ns == TIME_NEVER)
        return gap;
    arrived_ns = view->next->attempt->arrived_ns;
    gap.known = true;
    gap.ns = arrived_ns - view->outcome.from_ns;
    gap.early = gap.ns + terms->early_ns < due->least_ns;
    if (view->outcome.to_ns != TIME_NEVER && due->most_ns != INT64_MAX)
        weigh_lateness(history, view, due, &gap);
    return gap;
}

bool gap_retry_after_explains(const struct history      *history,
                              const struct attempt_view *view,
                              const struct gap          *gap)
{
    const struct retry_after_value *retry_after = &view->obligation.retry_after;

    if (gap->early)
        return retry_after->kind == RETRY_AFTER_ZERO ||
               retry_after->may_be_zero;
    return gap->late && retry_after->may_wait &&
           gap->ns + history->terms.early_ns >= retry_after->least_ns;
}

int64_t gap_due_ns(const struct history      *history,
                   const struct attempt_view *view)
{
    struct window own =
        terms_own_backoff(&history->terms, view->obligation.retry_first,
                          view->obligation.retry_last);
    int64_t least_ns = view->obligation.wait.least_ns;

    if (view->obligation.kind == OBLIGATION_BACKOFF && own.least_ns > least_ns)
        least_ns = own.least_ns;
    return view->outcome.from_ns + least_ns;
}
