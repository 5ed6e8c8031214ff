/* HTTP-dates in Retry-After should be honoured. */

#include "judge/check.h"
#include "judge/evidence.h"

/* To take a date as absent is allowed; to wait for it beyond the cap is not. */
static const char *rule_of(const struct seen *seen, const struct gap *gap)
{
    return gap->late && seen->duty.told.over_cap ? "RA-3" : "RA-10";
}

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct seen *seen = &history->items[i];
        struct window due = {seen->duty.told.least_ns, seen->duty.told.most_ns};
        struct gap    gap;
        char          text[EVIDENCE_GAP_MAX];

        if (seen->duty.kind != DUTY_DATE)
            continue;
        gap = history_gap(history, seen, &due);
        if (gap.known || history_went_on(history, seen))
            verdict_saw(verdict, "RA-10");
        if (gap.known && seen->duty.told.over_cap)
            verdict_saw(verdict, "RA-3");
        if (gap.early || gap.late)
            verdict_find(verdict, rule_of(seen, &gap), "retry-after.date",
                         seen->next->attempt->number, "%s by the date",
                         evidence_gap(text, history, seen, &gap, &due));
        if (gap.doubtful)
            verdict_doubt(verdict);
    }
}

const struct check check_retry_after_date = {
    .info =
        {
            .name = "retry-after.date",
            .rules = LIST("RA-10", "RA-3"),
            .looks_at =
                "the wait after a Retry-After that is a date to come, "
                "against the date (to the second: advice only) and the cap",
            .killed_by = LIST("retry-after-ignored", "retry-after-uncapped",
                              "retry-after-date-in-local-time"),
        },
    .judge = judge,
};
