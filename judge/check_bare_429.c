/* SPDX-License-Identifier: Apache-2.0 */
/* 429 without Retry-After is a counted backoff. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    struct gap gap;
    char       text[EVIDENCE_GAP_MAX];

    if (view->obligation.kind != OBLIGATION_BARE_429 ||
        view->obligation.must_stop)
        return;
    gap = gap_of(history, view, &view->obligation.wait);
    if (!gap.known)
        return;
    verdict_saw(verdict, RULE_RA_7);
    if (gap.early || gap.late)
        verdict_find(
            verdict, RULE_RA_7, "retry-after.bare", view->next->attempt->number,
            "%s",
            evidence_gap(text, history, view, &gap, &view->obligation.wait));
    if (gap.doubtful)
        verdict_doubt(verdict);
}

const struct check check_bare_429 = {
    .info =
        {
            .name = "retry-after.bare",
            .rules = RULES(RULE_RA_7),
            .looks_at = "the wait after a 429 without Retry-After, against the "
                        "law's window",
            .evidence = "the measured wait and the law's window",
            .killed_by = LIST("backoff-too-short", "backoff-constant"),
        },
    .judge_attempt = judge,
};
