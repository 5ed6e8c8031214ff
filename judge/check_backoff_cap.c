/* SPDX-License-Identifier: Apache-2.0 */
/* No backoff is longer than the cap, jitter included. Where the law does not
 * reach the cap, a wait that is too long is the law's matter. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"

static bool is_backoff(const struct history      *history,
                       const struct attempt_view *view)
{
    return view->obligation.kind == OBLIGATION_BACKOFF ||
           (view->obligation.kind == OBLIGATION_BARE_429 &&
            history->profile->bare_429 != BARE_429_BLOCK);
}

static void judge_one(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    /* Where the cap holds before the jitter, the jitter comes on top. */
    const struct window cap = {
        .most_ns =
            terms_own_backoff(&history->terms, view->obligation.retry_first,
                              view->obligation.retry_last)
                .most_ns};
    struct gap gap = gap_of(history, view, &cap);
    char       text[EVIDENCE_GAP_MAX];

    if (!gap.known || gap_retry_after_explains(history, view, &gap))
        return;
    verdict_saw(verdict, RULE_BACK_2);
    if (gap.late)
        verdict_find(verdict, RULE_BACK_2, "backoff.cap",
                     view->next->attempt->number,
                     "%s (the cap) for counted retry %u",
                     evidence_gap(text, history, view, &gap, &cap),
                     view->obligation.retry_last);
    if (gap.doubtful)
        verdict_doubt(verdict);
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    if (!view->obligation.must_stop && is_backoff(history, view) &&
        terms_capped(&history->terms, view->obligation.retry_first))
        judge_one(history, view, verdict);
}

const struct check check_backoff_cap = {
    .info =
        {
            .name = "backoff.cap",
            .rules = RULES(RULE_BACK_2),
            .looks_at = "the wait before a counted retry whose law is over the "
                        "cap, against the cap",
            .evidence = "the measured wait and the cap, as published or "
                        "configured. The profile's lateness is allowed",
            .killed_by = LIST("backoff-uncapped", "backoff-cap-of-two-minutes"),
        },
    .judge_attempt = judge,
};
