/* HTTP-dates in Retry-After should be honoured. */

#include "judge/check.h"
#include "judge/evidence.h"

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct seen *seen = &history->items[i];
        struct window      due = {seen->duty.told.least_ns,
                                  seen->duty.told.most_ns};
        struct gap         gap;
        char               text[EVIDENCE_GAP_MAX];

        if (seen->duty.kind != DUTY_DATE)
            continue;
        gap = history_gap(history, seen, &due);
        if (gap.known || history_went_on(history, seen))
            verdict_saw(verdict, "RA-10");
        if (gap.early || gap.late)
            verdict_find(verdict, "RA-10", "retry-after.date",
                         seen->next->attempt->number, "%s by the date",
                         evidence_gap(text, history, seen, &gap, &due));
        if (gap.doubtful)
            verdict_doubt(verdict);
    }
}

const struct check check_retry_after_date = {
    .info = {
        .name = "retry-after.date",
        .rules = LIST("RA-10"),
        .looks_at = "the wait after a Retry-After that is a date to come, "
                    "against the date (to the second: advice only)",
        .killed_by = LIST("retry-after-ignored"),
    },
    .judge = judge,
};
