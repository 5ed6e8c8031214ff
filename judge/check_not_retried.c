/* What is delivered or refused is not tried again. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/status_rule.h"

#define CHECK "retries.stop"

/* After a success, only what comes after a backoff looks like a retry; what
 * comes at once is the same batch sent twice (check_duplicate.c). */
static bool is_retry(const struct history *history, const struct seen *seen)
{
    struct window due = terms_backoff(&history->terms, 1, 1);
    struct gap    gap = history_gap(history, seen, &due);

    return seen->fate.kind == FATE_DROPPED ||
           (gap.known && !gap.early && due.least_ns > 0);
}

static void judge_one(const struct history *history, const struct seen *seen,
                      struct verdict *verdict)
{
    char answer[EVIDENCE_MAX];

    verdict_saw(verdict, status_rule(seen));
    if (status_body_matters(history, seen))
        verdict_saw(verdict, "STATUS-7");
    if (seen->next == NULL || !is_retry(history, seen))
        return;
    evidence_answer(answer, seen);
    verdict_find(verdict, status_rule(seen), CHECK, seen->next->attempt->number,
                 "this is a retry, after attempt %u was answered %s; allowed "
                 "is none",
                 seen->attempt->number, answer);
    if (status_body_matters(history, seen))
        verdict_find(verdict, "STATUS-7", CHECK, seen->next->attempt->number,
                     "this is a retry, after attempt %u was answered %s, "
                     "whatever the body",
                     seen->attempt->number, answer);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct seen *seen = &history->items[i];

        if (seen->duty.kind == DUTY_NONE && history_went_on(history, seen))
            judge_one(history, seen, verdict);
    }
}

const struct check check_not_retried = {
    .info =
        {
            .name = CHECK,
            .rules = LIST("STATUS-1", "STATUS-3", "STATUS-5", "STATUS-6",
                          "STATUS-7"),
            .looks_at = "whether a retry follows an answer that delivers or "
                        "refuses the batch",
            .killed_by =
                LIST("retries-413", "retries-501", "retries-511-without-oauth"),
        },
    .judge = judge,
};
