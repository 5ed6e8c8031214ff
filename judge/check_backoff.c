/* Counted retries wait as the law says, in every batch from the start. */

#include "judge/check.h"
#include "judge/evidence.h"

#define CHECK "backoff"

/* Too late is then over the cap, and check_backoff_cap.c's matter. */
static bool is_capped(const struct history      *history,
                      const struct attempt_view *view)
{
    return terms_capped(&history->terms, view->obligation.retry_first);
}

/* The rule that a wrong wait breaks; NULL: another check's matter. */
static const char *broken_rule(const struct history      *history,
                               const struct attempt_view *view,
                               const struct gap          *gap)
{
    if (view->obligation.kind == OBLIGATION_BARE_429)
        return NULL; /* check_bare_429.c */
    if (history_retry_after_explains(history, view, gap))
        return NULL; /* check_retry_after_scope.c */
    if (gap->late && is_capped(history, view))
        return NULL;
    if (gap->late && history_others_retried(history, view->batch, true))
        return "BACK-5";
    return "BACK-1";
}

static void advise(const struct history      *history,
                   const struct attempt_view *view, struct verdict *verdict)
{
    const struct obligation *obligation = &view->obligation;
    struct window            own = terms_own_backoff(
        &history->terms, obligation->retry_first, obligation->retry_last);
    struct gap gap = history_gap(history, view, &own);
    char       text[EVIDENCE_GAP_MAX];

    verdict_saw(verdict, "BACK-6");
    if (gap.early || (gap.late && !is_capped(history, view)))
        verdict_find(verdict, "BACK-6", CHECK, view->next->attempt->number,
                     "%s by the profile's own jitter",
                     evidence_gap(text, history, view, &gap, &own));
    if (gap.doubtful)
        verdict_doubt(verdict);
}

static void judge_one(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    struct gap  gap = history_gap(history, view, &view->obligation.wait);
    const char *rule;
    char        text[EVIDENCE_GAP_MAX];

    if (!gap.known)
        return;
    verdict_saw(verdict, "BACK-1");
    if (view->batch->later &&
        history_others_retried(history, view->batch, false))
        verdict_saw(verdict, "BACK-5");
    if (!gap.early && !gap.late) {
        advise(history, view, verdict);
        return;
    }
    rule = broken_rule(history, view, &gap);
    if (rule == NULL)
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
    bool blocks = profile_is(history->profile->bare_429, "block");

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
            .rules = LIST("BACK-1", "BACK-5", "BACK-6"),
            .looks_at =
                "the time from an answer (or its absence) to the counted "
                "retry that follows, against the law's window",
            .killed_by =
                LIST("backoff-too-short", "backoff-constant",
                     "backoff-carries-over", "backoff-on-the-wall-clock"),
        },
    .judge = judge,
};
