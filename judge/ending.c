/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/ending.h"

#include "common/alloc.h"
#include "judge/leaving.h"

#include <assert.h>

/* What one pass over all attempts tells of an event. */
struct passage {
    const struct attempt_view *last; /* the last attempt that carried it */
    bool                       delivered;
};

/* All attempts of a batch may have been made where nobody saw them, or one of
 * those was refused so that no other was due. None was a success, and the
 * client was right to give up in the end; but for a success that was told to
 * one of them, of which nobody knows whose it was. */
static enum event_end unseen_end(const struct history *history)
{
    const struct record *record = history->record;
    const struct terms  *terms = &history->terms;

    if (unseen_delivered(record, terms))
        return EVENT_UNKNOWN;
    if (!unseen_refused(record, terms) &&
        unseen_between(&history->unseen, 0, INT64_MAX) <= terms->retries)
        return EVENT_NEVER_SENT;
    return leaving_by_itself(history) && !record->overflow ? EVENT_GAVE_UP
                                                           : EVENT_UNKNOWN;
}

/* Of an event that no request was seen to carry. */
static enum event_end without_request(const struct history *history,
                                      unsigned              number)
{
    if (history->plan->given.wrong_count > 0 ||
        history_may_be_oversized(history, number))
        return EVENT_REFUSED;
    if (history->no_token || history->token_refused)
        return EVENT_NO_TOKEN;
    return unseen_end(history);
}

/* A redirect that was followed to another origin, which took what came there:
 * whether that was our event, nobody can say here. */
static bool followed_elsewhere(const struct history      *history,
                               const struct attempt_view *last)
{
    const struct record *record = history->record;

    if (last->attempt->status < 300 || last->attempt->status > 399)
        return false;
    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        if (attempt->route == ROUTE_ELSEWHERE &&
            attempt->number > last->attempt->number &&
            profile_status(history->profile, attempt->status,
                           history->terms.oauth) == STATUS_DELIVERED)
            return true;
    }
    return false;
}

static enum event_end end_of(const struct history *history, unsigned number,
                             const struct passage *passage)
{
    const struct attempt_view *last = passage->last;

    assert(last == NULL || last->batch != NULL);
    if (passage->delivered)
        return EVENT_DELIVERED;
    if (history->blind) /* what could not be read may have carried it */
        return EVENT_UNKNOWN;
    if (last == NULL)
        return without_request(history, number);
    if (last->batch->unknown || followed_elsewhere(history, last))
        return EVENT_UNKNOWN;
    if (last->next != NULL)
        return EVENT_LEFT_OUT;
    if (last->obligation.kind == OBLIGATION_NONE)
        return EVENT_DROPPED;
    if (last->obligation.spent != SPENT_NOTHING)
        return EVENT_SPENT;
    if (leaving_gave_up(history, last))
        return EVENT_LOST;
    return leaving_by_itself(history) ? EVENT_GAVE_UP : EVENT_UNKNOWN;
}

/* A queue that is full may refuse what does not fit, and no more than that:
 * as many events as it holds are taken. */
static void excuse_full_queue(struct history *history)
{
    const struct given *given = &history->plan->given;
    int64_t             room = given->config[CONFIG_MAX_QUEUE_SIZE];
    unsigned            never_sent = ending_count(history, EVENT_NEVER_SENT);

    if (room == CONFIG_UNSET || (int64_t)given->events - room < never_sent)
        return;
    for (unsigned number = 1; number <= given->events; number++)
        if (history->ends[number] == EVENT_NEVER_SENT)
            history->ends[number] = EVENT_REFUSED;
}

void ending_find(struct history *history)
{
    unsigned        events = history->plan->given.events;
    struct passage *passages =
        alloc_zero((size_t)events + 1, sizeof passages[0]);

    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];

        for (size_t j = 0; j < view->events.count; j++) {
            unsigned number = view->events.items[j].number;

            if (number == 0 || number > events)
                continue;
            passages[number].last = view;
            if (view->outcome.kind == OUTCOME_DELIVERED)
                passages[number].delivered = true;
        }
    }
    assert(history->ends == NULL);
    history->ends = alloc_zero((size_t)events + 1, sizeof history->ends[0]);
    for (unsigned number = 1; number <= events; number++)
        history->ends[number] = end_of(history, number, &passages[number]);
    alloc_free(passages);
    excuse_full_queue(history);
}

unsigned ending_count(const struct history *history, enum event_end end)
{
    unsigned count = 0;

    assert(history->ends != NULL);
    for (unsigned number = 1; number <= history->plan->given.events; number++)
        count += history->ends[number] == end;
    return count;
}
