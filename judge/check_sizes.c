/* SPDX-License-Identifier: Apache-2.0 */
/* No event over the profile's bound is sent, and none is dropped in silence;
 * no body is larger than a batch may be. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/leaving.h"

#define CHECK "delivery.sizes"

/* The plan holds an event that is too large by itself, whatever an SDK adds,
 * or more than one batch may hold. */
static bool has_something(const struct history *history)
{
    const struct plan *plan = history->plan;
    double             bytes = 0;

    for (unsigned number = 1; number <= plan->given.events; number++) {
        if (history_oversized(history, number))
            return true;
        bytes += plan_event_bytes(plan, number);
    }
    return bytes > history->terms.batch_bytes_max;
}

static void judge_attempt(const struct history      *history,
                          const struct attempt_view *view,
                          struct verdict            *verdict)
{
    double bytes = (double)view->events.bytes;
    double event_bytes_max = history->profile->event_bytes_max;
    size_t largest = view->events.largest_bytes;

    if (view->events.body != BODY_JSON && view->events.body != BODY_OTHER &&
        view->events.body != BODY_ENDLESS)
        return;
    if (bytes > history->terms.batch_bytes_max)
        verdict_find(verdict, RULE_DELIVER_8, CHECK, view->attempt->number,
                     "the body has %s%zu bytes (decoded); allowed are %.0f",
                     view->events.body == BODY_ENDLESS ? "more than " : "",
                     view->events.bytes, history->terms.batch_bytes_max);
    if ((double)largest > event_bytes_max)
        verdict_find(verdict, RULE_DELIVER_8, CHECK, view->attempt->number,
                     "an event of %zu bytes was sent; allowed are %.0f, and "
                     "to refuse and report a larger one",
                     largest, event_bytes_max);
}

/* Some event was refused for its size alone. */
static bool refused_some(const struct history *history)
{
    for (unsigned number = 1; number <= history->plan->given.events; number++)
        if (history->ends[number] == EVENT_REFUSED &&
            history_may_be_oversized(history, number))
            return true;
    return false;
}

static void judge_report(const struct history *history, struct verdict *verdict)
{
    const struct client_outcome *outcome = &history->record->outcome;
    char                         events[EVIDENCE_MAX];

    if (!leaving_by_itself(history) || !outcome->has_result ||
        history->plan->given.wrong_count > 0 || !refused_some(history))
        return;
    verdict_saw(verdict, RULE_DELIVER_8);
    evidence_events(events, history, EVENT_REFUSED);
    if (outcome->success)
        verdict_find(verdict, RULE_DELIVER_8, CHECK, 0,
                     "the client reported success, but this was too large "
                     "and never sent: %s",
                     events);
    else if (outcome->error == NULL || outcome->error[0] == '\0')
        verdict_find(verdict, RULE_DELIVER_8, CHECK, 0,
                     "the client reported failure without an error text; too "
                     "large and never sent: %s",
                     events);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    if (history->count > 0 && has_something(history))
        verdict_saw(verdict, RULE_DELIVER_8);
    for (size_t i = 0; i < history->count; i++)
        judge_attempt(history, &history->items[i], verdict);
    judge_report(history, verdict);
}

const struct check check_sizes = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_DELIVER_8),
            .looks_at =
                "the bytes of each request's body and of its events, and "
                "what is said of an event that was too large",
            .evidence = "the bytes (decoded, where gzip was declared) and the "
                        "bound, or the events that were never sent. An event "
                        "so near the bound that the SDK's own fields may carry "
                        "it over may be sent or refused",
            .killed_by = LIST("oversized-event-sent", "oversized-event-silent",
                              "batch-too-large"),
        },
    .judge = judge,
};
