/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/leaving.h"

#include "common/clock.h"
#include "judge/busy.h"
#include "judge/gap.h"

#include <assert.h>

/* Between its last answer and its own end a client does no more than say what
 * it has to say. */
#define LEAVING_TAKES_NS (200 * NS_PER_MS)

static bool ended_by_itself(const struct history *history)
{
    enum client_end end = history->record->outcome.end;

    return end == CLIENT_EXITED || end == CLIENT_ANSWERED;
}

bool leaving_by_itself(const struct history *history)
{
    return ended_by_itself(history) && history->leaving == LEFT_DONE;
}

int64_t leaving_ns(const struct history *history)
{
    const struct client_outcome *outcome = &history->record->outcome;

    return outcome->result_ns != TIME_NEVER ? outcome->result_ns
                                            : outcome->ended_ns;
}

/* The client had its last events then, at the earliest. */
static int64_t handed_over_ns(const struct history *history)
{
    const struct given *given = &history->plan->given;
    int64_t             at_ns = history->record->outcome.started_ns;

    for (size_t i = 0; i < given->sequence_count; i++)
        at_ns += given->sequences[i].delay_ns;
    return at_ns;
}

/* The last moment at which something came to the client, from either side. */
static int64_t heard_ns(const struct history *history)
{
    const struct record *record = history->record;
    int64_t              heard_ns = handed_over_ns(history);

    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        if (attempt->answered_ns > heard_ns)
            heard_ns = attempt->answered_ns;
        if (attempt->gone_ns > heard_ns)
            heard_ns = attempt->gone_ns;
    }
    for (size_t i = 0; i < record->remark_count; i++)
        if (record->remarks[i].until_ns > heard_ns)
            heard_ns = record->remarks[i].until_ns;
    return heard_ns;
}

/* When a retry would surely have come. */
static int64_t overdue_ns(const struct history      *history,
                          const struct attempt_view *view, int64_t until_ns)
{
    assert(view->next == NULL && view->outcome.to_ns != TIME_NEVER);
    return busy_until_ns(history, view->batch, view->outcome.to_ns, until_ns) +
           view->obligation.wait.most_ns + history->terms.late_ns +
           history->terms.noise_ns;
}

/* The batch's last attempt asked for a retry that might still have come. */
static bool is_awaited(const struct history      *history,
                       const struct attempt_view *view)
{
    int64_t left_ns = leaving_ns(history);

    return view->next == NULL && view->obligation.must_retry &&
           view->outcome.to_ns != TIME_NEVER &&
           left_ns <= overdue_ns(history, view, left_ns);
}

static bool waited_to_its_bound(const struct history *history)
{
    const struct terms *terms = &history->terms;

    return terms->waits_ns != TIME_NEVER &&
           leaving_ns(history) + terms->early_ns >=
               handed_over_ns(history) + terms->waits_ns;
}

/* Nothing had come to it lately, and nothing was due yet. Of several clients
 * nobody knows when each left. */
static bool left_while_due(const struct history *history)
{
    const struct attempt_view *view = history->awaited;
    int64_t                    left_ns = leaving_ns(history);

    return history->plan->given.clients <= 1 &&
           left_ns >
               heard_ns(history) + LEAVING_TAKES_NS + history->terms.noise_ns &&
           left_ns + history->terms.early_ns < gap_due_ns(history, view);
}

void leaving_find(struct history *history)
{
    assert(history->busy != NULL && history->awaited == NULL);
    if (!ended_by_itself(history) || history->blind || history->no_token ||
        leaving_ns(history) == TIME_NEVER)
        return;
    for (size_t i = 0; i < history->batch_count; i++) {
        const struct attempt_view *last = history->batches[i].last;

        if (history->awaited == NULL && is_awaited(history, last))
            history->awaited = last;
    }
    if (history->awaited != NULL && waited_to_its_bound(history))
        history->leaving = LEFT_AT_ITS_BOUND;
    else if (history->awaited != NULL && left_while_due(history))
        history->leaving = LEFT_WHILE_DUE;
    if (history->leaving == LEFT_DONE)
        history->awaited = NULL;
}

/* Of its limit: what was measured of that is added to it, but some of it
 * nobody saw. Who was idle for all of the limit was not held up. */
enum { GOOD_PART = 4 };

bool leaving_limit_doubtful(const struct history *history)
{
    const struct noise *noise = &history->record->noise;
    int64_t             part_ns = history->plan->limit_ns / GOOD_PART;

    return history->record->outcome.end == CLIENT_TIMED_OUT &&
           noise->idle_ns < history->plan->limit_ns &&
           (noise->starved_ns >= part_ns || noise->held_up_ns >= part_ns ||
            noise_bound_ns(noise) >= part_ns);
}

/* The retries that were left may all have been made where nobody saw them. */
static bool may_have_spent_unseen(const struct history      *history,
                                  const struct attempt_view *view)
{
    unsigned most =
        unseen_between(&history->unseen, view->attempt->arrived_ns, INT64_MAX);

    if (most == 0)
        return false;
    /* How long they took nobody knows. */
    return !leaving_by_itself(history) ||
           !terms_time_is_long(&history->terms) ||
           view->obligation.retry_last - 1 + most >= history->terms.retries;
}

/* It met a failure where nobody saw its request, at which it may end. */
static bool may_have_ended_unseen(const struct history      *history,
                                  const struct attempt_view *view)
{
    return profile_status(history->profile, 0, history->terms.oauth) !=
               STATUS_RETRIED &&
           unseen_between(&history->unseen, view->attempt->arrived_ns,
                          INT64_MAX) > 0;
}

bool leaving_gave_up(const struct history      *history,
                     const struct attempt_view *view)
{
    const struct client_outcome *outcome = &history->record->outcome;
    int64_t                      until_ns = outcome->ended_ns;
    int64_t                      extra_ns = 0;

    if (view->next != NULL || !view->obligation.must_retry || history->blind ||
        history->no_token || may_have_spent_unseen(history, view) ||
        may_have_ended_unseen(history, view))
        return false;
    if (leaving_by_itself(history))
        return true;
    if (history->leaving != LEFT_DONE)
        until_ns = leaving_ns(history);
    else if ((outcome->end != CLIENT_TIMED_OUT &&
              outcome->end != CLIENT_BY_HAND) ||
             leaving_limit_doubtful(history))
        return false;
    else
        extra_ns = outcome->extra_ns;
    if (view->outcome.to_ns == TIME_NEVER || until_ns == TIME_NEVER)
        return false;
    return overdue_ns(history, view, until_ns) < until_ns - extra_ns;
}

bool leaving_went_on(const struct history      *history,
                     const struct attempt_view *view)
{
    if (view->next != NULL)
        return true;
    if (history->leaving != LEFT_DONE && is_awaited(history, view))
        return false;
    switch (history->record->outcome.end) {
    case CLIENT_EXITED:
    case CLIENT_ANSWERED:
    case CLIENT_OBSERVED:
    case CLIENT_TIMED_OUT:
    case CLIENT_BY_HAND:
        return view->outcome.kind != OUTCOME_UNKNOWN;
    default:
        return false;
    }
}
