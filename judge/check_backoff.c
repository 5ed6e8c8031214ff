/* SPDX-License-Identifier: Apache-2.0 */
/* Counted retries wait as the law says, in every batch from the start. */

#include "judge/batches.h"
#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"

#define CHECK "backoff"

/* Too late is then over the cap, and check_backoff_cap.c's matter. */
static bool is_capped(const struct history      *history,
                      const struct attempt_view *view)
{
    return terms_capped(&history->terms, view->obligation.retry_first);
}

/* The rule that a wrong wait breaks; NULL: another check's matter. */
static enum rule_id broken_rule(const struct history      *history,
                                const struct attempt_view *view,
                                const struct gap          *gap)
{
    if (view->obligation.kind == OBLIGATION_BARE_429)
        return RULE_NONE; /* check_bare_429.c */
    if (gap_retry_after_explains(history, view, gap))
        return RULE_NONE; /* check_retry_after_scope.c */
    if (gap->late && is_capped(history, view))
        return RULE_NONE;
    if (gap->late && batches_others_retried(history, view->batch, true))
        return RULE_BACK_5;
    return RULE_BACK_1;
}

static void advise(const struct history      *history,
                   const struct attempt_view *view, struct verdict *verdict)
{
    const struct obligation *obligation = &view->obligation;
    struct window            own = terms_own_backoff(
        &history->terms, obligation->retry_first, obligation->retry_last);
    struct gap gap = gap_of(history, view, &own);
    char       text[EVIDENCE_GAP_MAX];

    verdict_saw(verdict, RULE_BACK_6);
    if (gap.early || (gap.late && !is_capped(history, view)))
        verdict_find(verdict, RULE_BACK_6, CHECK, view->next->attempt->number,
                     "%s by the profile's own jitter",
                     evidence_gap(text, history, view, &gap, &own));
    if (gap.doubtful)
        verdict_doubt(verdict);
}

static void judge_one(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    struct gap   gap = gap_of(history, view, &view->obligation.wait);
    enum rule_id rule;
    char         text[EVIDENCE_GAP_MAX];

    if (!gap.known)
        return;
    verdict_saw(verdict, RULE_BACK_1);
    if (view->batch->later &&
        batches_others_retried(history, view->batch, false))
        verdict_saw(verdict, RULE_BACK_5);
    if (!gap.early && !gap.late) {
        advise(history, view, verdict);
        return;
    }
    rule = broken_rule(history, view, &gap);
    if (rule == RULE_NONE)
        return;
    verdict_find(
        verdict, rule, CHECK, view->next->attempt->number,
        "%s for counted retry %u",
        evidence_gap(text, history, view, &gap, &view->obligation.wait),
        view->obligation.retry_last);
    if (gap.doubtful)
        verdict_doubt(verdict);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    bool blocks = history->profile->bare_429 == BARE_429_BLOCK;

    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];

        if (view->obligation.must_stop)
            continue;
        if (view->obligation.kind == OBLIGATION_BACKOFF ||
            (view->obligation.kind == OBLIGATION_BARE_429 && !blocks))
            judge_one(history, view, verdict);
    }
}

const struct check check_backoff = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_BACK_1, RULE_BACK_5, RULE_BACK_6),
            .looks_at =
                "the time from an answer (or its absence) to the counted "
                "retry that follows, against the law's window",
            .evidence = "the measured wait and the law's window for that "
                        "counted retry. Outside the profile's own jitter it is "
                        "advice (BACK-6); late in a later batch it is BACK-5",
            .killed_by =
                LIST("backoff-too-short", "backoff-constant",
                     "backoff-carries-over", "backoff-on-the-wall-clock"),
        },
    .judge = judge,
};
