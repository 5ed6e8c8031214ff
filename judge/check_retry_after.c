/* SPDX-License-Identifier: Apache-2.0 */
/* A usable Retry-After is waited for, not much longer, and never longer than
 * the cap. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/leaving.h"

#define CHECK "retry-after.waits"

static enum rule_id honouring_rule(const struct attempt_view *view)
{
    return view->obligation.retry_after.over_cap ? RULE_RA_3 : RULE_RA_1;
}

static void judge_gap(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    const struct window *due = &view->obligation.wait;
    struct gap           gap = gap_of(history, view, due);
    bool                 over_cap = view->obligation.retry_after.over_cap;
    char                 text[EVIDENCE_GAP_MAX];

    if (!gap.known)
        return;
    verdict_saw(verdict, RULE_RA_2);
    evidence_gap(text, history, view, &gap, due);
    if (gap.early)
        verdict_find(verdict, honouring_rule(view), CHECK,
                     view->next->attempt->number, "%s%s", text,
                     over_cap ? " (the cap)" : "");
    if (gap.late)
        verdict_find(verdict, over_cap ? RULE_RA_3 : RULE_RA_2, CHECK,
                     view->next->attempt->number, "%s%s", text,
                     over_cap ? " (the cap)" : "");
    if (gap.doubtful)
        verdict_doubt(verdict);
}

/* That nothing came too early was seen, even where nothing came at all. */
static bool was_watched(const struct history      *history,
                        const struct attempt_view *view)
{
    return view->next != NULL ||
           (leaving_went_on(history, view) && !leaving_by_itself(history));
}

/* One that is over the cap of a profile that ignores it then: the wait is the
 * backoff's to judge. */
static bool was_ignored(const struct attempt_view *view)
{
    return view->obligation.kind == OBLIGATION_BACKOFF && view->next != NULL &&
           view->obligation.retry_after.over_cap;
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    if (was_ignored(view))
        verdict_saw(verdict, RULE_RA_3);
    if (view->obligation.kind != OBLIGATION_RETRY_AFTER ||
        view->obligation.must_stop || !was_watched(history, view))
        return;
    verdict_saw(verdict, honouring_rule(view));
    verdict_saw(verdict, RULE_RA_1);
    judge_gap(history, view, verdict);
}

const struct check check_retry_after = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_RA_1, RULE_RA_2, RULE_RA_3),
            .looks_at =
                "the time from an answer with a usable Retry-After to the "
                "batch's next attempt, against the value and the cap",
            .evidence =
                "the measured wait, the window, and the value that was sent. "
                "Beyond the cap it is RA-3, too late is advice (RA-2; a "
                "failure with --strict)",
            .killed_by = LIST(
                "retry-after-ignored", "error-response-is-falsy",
                "retry-after-in-ms", "retry-after-uncapped",
                "retry-after-cap-of-ten-minutes", "retry-after-overflows-ms",
                "retry-after-on-the-wall-clock", "fifteen-percent-late"),
        },
    .judge_attempt = judge,
};
