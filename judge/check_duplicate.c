/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing is sent again after a success was received in full. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/leaving.h"

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    char answer[EVIDENCE_MAX];

    if (view->outcome.kind != OUTCOME_DELIVERED ||
        !leaving_went_on(history, view))
        return;
    verdict_saw(verdict, RULE_DELIVER_2);
    if (view->next == NULL ||
        view->next->attempt->arrived_ns < view->outcome.to_ns)
        return;
    verdict_find(verdict, RULE_DELIVER_2, "delivery.once",
                 view->next->attempt->number,
                 "attempt %u carries events that attempt %u had delivered "
                 "(%s, received in full)",
                 view->next->attempt->number, view->attempt->number,
                 evidence_answer(answer, view));
}

const struct check check_duplicate = {
    .info =
        {
            .name = "delivery.once",
            .rules = RULES(RULE_DELIVER_2),
            .looks_at = "whether a batch comes again after an answer that "
                        "delivered it",
            .evidence = "the attempt that delivered the events, with its "
                        "answer, and the one that carried them again",
            .killed_by = LIST("sent-again-after-success"),
        },
    .judge_attempt = judge,
};
