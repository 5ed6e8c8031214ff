/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/history.h"

#include "common/alloc.h"

#include <assert.h>

static void read_attempts(struct history *history)
{
    const struct record *record = history->record;
    struct events_effort effort = {history->profile, EVENTS_UNPACK_BYTES,
                                   history->profile->event_bytes_max, NULL};

    if (history->profile->authorization == AUTHORIZATION_BODY_FIELD)
        effort.write_key = history->plan->given.write_key;

    history->items =
        alloc_zero(record->attempt_count + 1, sizeof history->items[0]);
    for (size_t i = 0; i < record->attempt_count; i++) {
        struct attempt_view *view = &history->items[history->count];

        if (record->attempts[i]->route != ROUTE_INGEST ||
            unseen_is(record->attempts[i]))
            continue;
        view->attempt = record->attempts[i];
        events_read(&view->events, view->attempt, &effort);
        if (!events_are_known(&view->events))
            history->blind = true;
        history->count++;
    }
}

static void look_for_tokens(struct history *history)
{
    const struct record *record = history->record;

    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];
        enum outcome_kind     kind;

        if (attempt->route != ROUTE_TOKEN)
            continue;
        kind = outcome_of(&history->terms, record, attempt, false).kind;
        history->no_token = kind != OUTCOME_DELIVERED;
        history->token_refused |=
            kind == OUTCOME_DROPPED || kind == OUTCOME_EITHER ||
            (kind == OUTCOME_NETWORK &&
             profile_status(history->profile, 0, history->terms.oauth) !=
                 STATUS_RETRIED);
    }
}

void history_init(struct history *history, const struct plan *plan,
                  const struct profile *profile, const struct record *record)
{
    *history =
        (struct history){.plan = plan, .profile = profile, .record = record};
    terms_init(&history->terms, plan, profile, record);
    unseen_init(&history->unseen, record);
    connections_init(&history->connections, record);
    read_attempts(history);
    look_for_tokens(history);
    assert(history->count <= record->attempt_count);
}

void history_clear(struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        events_clear(&history->items[i].events);
    alloc_free(history->items);
    alloc_free(history->batches);
    alloc_free(history->ends);
    unseen_clear(&history->unseen);
    connections_clear(&history->connections);
    *history = (struct history){0};
}

/* Where no bound is published, a client may have one of its own; an event of so
 * much it takes. */
enum { EVENT_BYTES_SURE = 16384 };

bool history_oversized(const struct history *history, unsigned number)
{
    return plan_event_bytes(history->plan, number) >
           history->profile->event_bytes_max;
}

bool history_may_be_oversized(const struct history *history, unsigned number)
{
    if (PROFILE_OPEN(history->profile, event_bytes_max))
        return plan_event_bytes(history->plan, number) > EVENT_BYTES_SURE;
    return (double)plan_event_bytes(history->plan, number) +
               EVENT_ADDED_BYTES_MAX >
           history->profile->event_bytes_max;
}
