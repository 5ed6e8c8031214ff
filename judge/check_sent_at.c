/* SPDX-License-Identifier: Apache-2.0 */
/* sentAt is the time of sending, so each attempt has one of its own. Who has
 * no sentAt is not judged. Nor is anybody where the scenario does not see to
 * it that the stamps lie apart: there a client's jitter, or a machine that is
 * busy, would say whether this is judged, and a verdict must not hang on that.
 */

#include "judge/check.h"
#include "judge/evidence.h"

#include "common/clock.h"

#include <string.h>

/* Longer than the coarsest stamp in use, a second, can stand still. */
#define RENEWED_NS (1100 * NS_PER_MS)

static void judge_batch(const struct batch_view *batch, struct verdict *verdict)
{
    const struct attempt_view *first = batch->first;
    char                       stamp[EVIDENCE_MAX];
    char                       after[EVIDENCE_MAX];

    for (const struct attempt_view *view = first->next; view != NULL;
         view = view->next) {
        int64_t since_ns =
            view->attempt->arrived_ns - first->attempt->arrived_ns;

        if (first->events.sent_at == NULL || view->events.sent_at == NULL ||
            since_ns < RENEWED_NS)
            continue;
        verdict_saw(verdict, RULE_DELIVER_10);
        if (strcmp(first->events.sent_at, view->events.sent_at) != 0)
            continue;
        verdict_find(
            verdict, RULE_DELIVER_10, "delivery.sent-at", view->attempt->number,
            "attempt %u carried sentAt %s, as attempt %u did %s "
            "before",
            view->attempt->number, evidence_value(stamp, view->events.sent_at),
            first->attempt->number, evidence_seconds(after, since_ns));
        return;
    }
}

static void judge(const struct history *history, struct verdict *verdict)
{
    if (!PROFILE_IS(history->profile, sent_at, SENT_AT_FRESH) ||
        !terms_name_rule(&history->terms, RULE_DELIVER_10))
        return;
    for (size_t i = 0; i < history->batch_count; i++)
        judge_batch(&history->batches[i], verdict);
}

const struct check check_sent_at = {
    .info =
        {
            .name = "delivery.sent-at",
            .rules = RULES(RULE_DELIVER_10),
            .looks_at =
                "sentAt of each retry, against the batch's first attempt, "
                "where the scenario has them lie apart",
            .evidence =
                "the stamp that both carry, and how long they were apart: 1.1 "
                "s at least, since some stamps are whole seconds. Not judged "
                "where there is no sentAt, where the profile says that it is "
                "fixed, or where the scenario does not name the rule: there a "
                "client's jitter and the machine decide how far the stamps lie "
                "apart",
            .killed_by = LIST("sent-at-frozen"),
        },
    .judge = judge,
};
