/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP-dates in Retry-After should be honoured. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/leaving.h"

/* To take a date as absent is allowed; to wait for it beyond the cap is not. */
static enum rule_id rule_of(const struct attempt_view *view,
                            const struct gap          *gap)
{
    return gap->late && view->obligation.retry_after.over_cap ? RULE_RA_3
                                                              : RULE_RA_10;
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    struct window due = {view->obligation.retry_after.least_ns,
                         view->obligation.retry_after.most_ns};
    struct gap    gap;
    char          text[EVIDENCE_GAP_MAX];

    if (view->obligation.kind != OBLIGATION_DATE)
        return;
    gap = gap_of(history, view, &due);
    if (gap.known || leaving_went_on(history, view))
        verdict_saw(verdict, RULE_RA_10);
    if (gap.known && view->obligation.retry_after.over_cap)
        verdict_saw(verdict, RULE_RA_3);
    if (gap.early || gap.late)
        verdict_find(verdict, rule_of(view, &gap), "retry-after.date",
                     view->next->attempt->number, "%s by the date",
                     evidence_gap(text, history, view, &gap, &due));
    if (gap.doubtful)
        verdict_doubt(verdict);
}

const struct check check_retry_after_date = {
    .info =
        {
            .name = "retry-after.date",
            .rules = RULES(RULE_RA_10, RULE_RA_3),
            .looks_at =
                "the wait after a Retry-After that is a date to come, "
                "against the date (to the second: advice only) and the cap",
            .evidence = "the measured wait and the date's window. The second "
                        "of the answer is known, not its fraction, so the "
                        "window is a second wide. To take a date for absent is "
                        "right; to wait for it beyond the cap is not (RA-3)",
            .killed_by = LIST("retry-after-ignored", "retry-after-uncapped",
                              "retry-after-date-in-local-time"),
        },
    .judge_attempt = judge,
};
