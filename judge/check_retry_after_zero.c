/* SPDX-License-Identifier: Apache-2.0 */
/* Retry-After: 0 never makes a tight loop. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    struct gap gap;
    char       text[EVIDENCE_GAP_MAX];

    if (view->obligation.kind != OBLIGATION_ZERO)
        return;
    gap = gap_of(history, view, &view->obligation.wait);
    if (!gap.known)
        return;
    verdict_saw(verdict, RULE_RA_8);
    if (gap.early)
        verdict_find(
            verdict, RULE_RA_8, "retry-after.zero", view->next->attempt->number,
            "%s",
            evidence_gap(text, history, view, &gap, &view->obligation.wait));
}

const struct check check_retry_after_zero = {
    .info =
        {
            .name = "retry-after.zero",
            .rules = RULES(RULE_RA_8),
            .looks_at = "the wait after Retry-After: 0, against the lesser of "
                        "the floor and half the law",
            .evidence = "the measured wait, and the least that a floor or a "
                        "counted backoff allows",
            .killed_by = LIST("retry-after-zero-tight-loop"),
        },
    .judge_attempt = judge,
};
