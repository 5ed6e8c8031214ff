/* Counted retries wait as the law says, in every batch from the start. */

#include "judge/check.h"
#include "judge/evidence.h"

#define CHECK "backoff"

/* Too late is then over the cap, and check_backoff_cap.c's matter. */
static bool is_capped(const struct history *history, const struct seen *seen)
{
    return terms_capped(&history->terms, seen->duty.retry_first);
}

/* The rule that a wrong wait breaks; NULL: another check's matter. */
static const char *broken_rule(const struct history *history,
                               const struct seen *seen, const struct gap *gap)
{
    if (seen->duty.kind == DUTY_BARE_429)
        return NULL; /* check_bare_429.c */
    if (history_told_explains(history, seen, gap))
        return NULL; /* check_retry_after_scope.c */
    if (gap->late && is_capped(history, seen))
        return NULL;
    if (gap->late && history_others_retried(history, seen->batch, true))
        return "BACK-5";
    return "BACK-1";
}

static void advise(const struct history *history, const struct seen *seen,
                   struct verdict *verdict)
{
    const struct duty *duty = &seen->duty;
    struct window      own =
        terms_own_backoff(&history->terms, duty->retry_first, duty->retry_last);
    struct gap gap = history_gap(history, seen, &own);
    char       text[EVIDENCE_GAP_MAX];

    verdict_saw(verdict, "BACK-6");
    if (gap.early || (gap.late && !is_capped(history, seen)))
        verdict_find(verdict, "BACK-6", CHECK, seen->next->attempt->number,
                     "%s by the profile's own jitter",
                     evidence_gap(text, history, seen, &gap, &own));
    if (gap.doubtful)
        verdict_doubt(verdict);
}

static void judge_one(const struct history *history, const struct seen *seen,
                      struct verdict *verdict)
{
    struct gap  gap = history_gap(history, seen, &seen->duty.wait);
    const char *rule;
    char        text[EVIDENCE_GAP_MAX];

    if (!gap.known)
        return;
    verdict_saw(verdict, "BACK-1");
    if (seen->batch->later &&
        history_others_retried(history, seen->batch, false))
        verdict_saw(verdict, "BACK-5");
    if (!gap.early && !gap.late) {
        advise(history, seen, verdict);
        return;
    }
    rule = broken_rule(history, seen, &gap);
    if (rule == NULL)
        return;
    verdict_find(verdict, rule, CHECK, seen->next->attempt->number,
                 "%s for counted retry %u",
                 evidence_gap(text, history, seen, &gap, &seen->duty.wait),
                 seen->duty.retry_last);
    if (gap.doubtful)
        verdict_doubt(verdict);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    bool blocks = profile_is(history->profile->bare_429, "block");

    for (size_t i = 0; i < history->count; i++) {
        const struct seen *seen = &history->items[i];

        if (seen->duty.must_stop)
            continue;
        if (seen->duty.kind == DUTY_BACKOFF ||
            (seen->duty.kind == DUTY_BARE_429 && !blocks))
            judge_one(history, seen, verdict);
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
