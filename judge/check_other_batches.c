/* SPDX-License-Identifier: Apache-2.0 */
/* One batch's failure, by a refusal or by a spent budget, neither holds up
 * nor loses another. */

#include "judge/check.h"
#include "judge/ending.h"
#include "judge/evidence.h"
#include "judge/leaving.h"

#define CHECK "delivery.others"

/* The last batch, in the order of their first attempts, that failed so. */
static const struct batch_view *last_failed(const struct history *history,
                                            bool                  spent)
{
    for (size_t i = history->batch_count; i-- > 0;) {
        const struct attempt_view *last = history->batches[i].last;

        if (spent ? last->obligation.spent != SPENT_NOTHING
                  : last->outcome.kind == OUTCOME_DROPPED)
            return &history->batches[i];
    }
    return NULL;
}

/* There were others to be held up. */
static bool has_others(const struct history    *history,
                       const struct batch_view *batch)
{
    return batch != NULL &&
           history->plan->given.events > batch->first->events.ours;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct batch_view *dropped = last_failed(history, false);
    const struct batch_view *spent = last_failed(history, true);
    const struct batch_view *cause = dropped;
    enum rule_id             rule = RULE_DELIVER_5;
    char                     events[EVIDENCE_MAX];

    if (!leaving_by_itself(history))
        return;
    if (has_others(history, dropped))
        verdict_saw(verdict, RULE_DELIVER_5);
    if (spent != NULL)
        verdict_saw(verdict, RULE_BUDGET_7);
    if (cause == NULL || (spent != NULL && spent->index > cause->index)) {
        cause = spent;
        rule = RULE_BUDGET_7;
    }
    if (cause == NULL || ending_count(history, EVENT_NEVER_SENT) == 0)
        return;
    verdict_find(verdict, rule, CHECK, cause->last->attempt->number,
                 "after attempt %u, when batch %zu %s, this was never sent: "
                 "%s",
                 cause->last->attempt->number, cause->index + 1,
                 cause == dropped ? "was refused" : "had spent its budget",
                 evidence_events(events, history, EVENT_NEVER_SENT));
}

const struct check check_other_batches = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_DELIVER_5, RULE_BUDGET_7),
            .looks_at =
                "whether events were never sent after another batch was "
                "refused, or had spent its budget",
            .evidence = "the batch that failed, and the events that were never "
                        "sent after it",
            .killed_by = LIST("poisoned-batch-stops-queue",
                              "spent-budget-stops-everything"),
        },
    .judge = judge,
};
