/* SPDX-License-Identifier: Apache-2.0 */
/* What the client says of itself: success when all was delivered, failure
 * with words when something was not. */

#include "judge/check.h"
#include "judge/ending.h"
#include "judge/evidence.h"
#include "judge/leaving.h"

#define CHECK "delivery.reported"

/* Certainly not delivered; the first such end there is. */
static bool undelivered(const struct history *history, enum event_end *end)
{
    static const enum event_end ends[] = {EVENT_SPENT,      EVENT_DROPPED,
                                          EVENT_GAVE_UP,    EVENT_LOST,
                                          EVENT_NEVER_SENT, EVENT_NO_TOKEN};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (ending_count(history, ends[i]) > 0) {
            *end = ends[i];
            return true;
        }
    return false;
}

/* A spent budget's report is also BUDGET-7's; the scenario says which of the
 * two it is there for. */
static enum rule_id silent_rule(const struct history *history,
                                enum event_end        end)
{
    bool for_budget = terms_name_rule(&history->terms, RULE_BUDGET_7) &&
                      !terms_name_rule(&history->terms, RULE_DELIVER_4);

    return end == EVENT_SPENT && for_budget ? RULE_BUDGET_7 : RULE_DELIVER_4;
}

static void judge_failure(const struct history *history, enum event_end end,
                          struct verdict *verdict)
{
    const struct client_outcome *outcome = &history->record->outcome;
    char                         events[EVIDENCE_MAX];

    verdict_saw(verdict, RULE_DELIVER_4);
    evidence_events(events, history, end);
    if (outcome->success)
        verdict_find(verdict, silent_rule(history, end), CHECK, 0,
                     "the client reported success, but this was not "
                     "delivered: %s",
                     events);
    else if (outcome->error == NULL || outcome->error[0] == '\0')
        verdict_find(verdict, RULE_DELIVER_4, CHECK, 0,
                     "the client reported failure without an error text; not "
                     "delivered: %s",
                     events);
}

static void judge_success(const struct history *history,
                          struct verdict       *verdict)
{
    const struct client_outcome *outcome = &history->record->outcome;
    char                         events[EVIDENCE_MAX];
    char                         error[EVIDENCE_MAX];

    verdict_saw(verdict, RULE_STATUS_1);
    if (outcome->success)
        return;
    verdict_find(verdict, RULE_STATUS_1, CHECK, 0,
                 "the client reported failure (%s), but all was delivered: %s",
                 outcome->error ? evidence_value(error, outcome->error)
                                : "no error text",
                 evidence_events(events, history, EVENT_DELIVERED));
}

static void judge(const struct history *history, struct verdict *verdict)
{
    enum event_end end;

    if (!leaving_by_itself(history) || !history->record->outcome.has_result)
        return;
    if (undelivered(history, &end))
        judge_failure(history, end, verdict);
    else if (history->plan->given.events > 0 &&
             ending_count(history, EVENT_DELIVERED) ==
                 history->plan->given.events)
        judge_success(history, verdict);
}

const struct check check_report = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_DELIVER_4, RULE_STATUS_1, RULE_BUDGET_7),
            .looks_at = "the client's own result, against how its events ended",
            .evidence = "what the client said, and the events that say "
                        "otherwise. A spent budget that is called success is "
                        "BUDGET-7 where the scenario names that rule alone",
            .killed_by = LIST("failure-reported-as-success", "201-is-an-error",
                              "redirect-is-an-error"),
        },
    .judge = judge,
};
