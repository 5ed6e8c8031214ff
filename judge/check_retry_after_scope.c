/* SPDX-License-Identifier: Apache-2.0 */
/* Where the profile does not honour Retry-After, the header changes nothing:
 * the wait is the backoff's. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"

static void judge_one(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    struct gap gap = gap_of(history, view, &view->obligation.wait);
    char       text[EVIDENCE_GAP_MAX];

    if (!gap.known)
        return;
    verdict_saw(verdict, RULE_RA_6);
    if (gap_retry_after_explains(history, view, &gap))
        verdict_find(
            verdict, RULE_RA_6, "retry-after.scope",
            view->next->attempt->number,
            "%s: the header was obeyed, though %d does not honour "
            "it",
            evidence_gap(text, history, view, &gap, &view->obligation.wait),
            view->attempt->status);
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    if (view->obligation.kind == OBLIGATION_BACKOFF &&
        !view->obligation.must_stop &&
        view->obligation.retry_after.kind != RETRY_AFTER_NOTHING)
        judge_one(history, view, verdict);
}

const struct check check_retry_after_scope = {
    .info =
        {
            .name = "retry-after.scope",
            .rules = RULES(RULE_RA_6),
            .looks_at = "the wait after a retryable status with a Retry-After "
                        "that the profile does not honour there",
            .evidence = "the measured wait, which the header explains and the "
                        "law does not",
            .killed_by = LIST("retry-after-on-503"),
        },
    .judge_attempt = judge,
};
