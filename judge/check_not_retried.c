/* SPDX-License-Identifier: Apache-2.0 */
/* What is delivered or refused is not tried again. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/leaving.h"
#include "judge/status_rule.h"

#define CHECK "retries.stop"

/* After a success, only what comes after a backoff looks like a retry; what
 * comes at once is the same batch sent twice (check_duplicate.c). */
static bool is_retry(const struct history      *history,
                     const struct attempt_view *view)
{
    struct window due = terms_backoff(&history->terms, 1, 1);
    struct gap    gap = gap_of(history, view, &due);

    return view->outcome.kind == OUTCOME_DROPPED ||
           (gap.known && !gap.early && due.least_ns > 0);
}

/* The rule that ends it here: its status', or the cap of Retry-After, where a
 * longer one is the end. */
static enum rule_id ending_rule(const struct attempt_view *view)
{
    bool is_retried = view->outcome.kind == OUTCOME_RETRIED ||
                      view->outcome.kind == OUTCOME_EITHER;

    return is_retried && view->obligation.retry_after.over_cap
               ? RULE_RA_3
               : status_rule(view);
}

static void judge_one(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    char answer[EVIDENCE_MAX];

    verdict_saw(verdict, ending_rule(view));
    if (status_body_matters(history, view))
        verdict_saw(verdict, RULE_STATUS_7);
    if (view->next == NULL || !is_retry(history, view))
        return;
    evidence_answer(answer, view);
    verdict_find(verdict, ending_rule(view), CHECK, view->next->attempt->number,
                 "this is a retry, after attempt %u was answered %s; allowed "
                 "is none",
                 view->attempt->number, answer);
    if (status_body_matters(history, view))
        verdict_find(verdict, RULE_STATUS_7, CHECK, view->next->attempt->number,
                     "this is a retry, after attempt %u was answered %s, "
                     "whatever the body",
                     view->attempt->number, answer);
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    if (view->obligation.kind == OBLIGATION_NONE &&
        leaving_went_on(history, view))
        judge_one(history, view, verdict);
}

const struct check check_not_retried = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_STATUS_1, RULE_STATUS_3, RULE_STATUS_5,
                           RULE_STATUS_6, RULE_STATUS_7, RULE_RA_3),
            .looks_at = "whether a retry follows an answer that delivers or "
                        "refuses the batch",
            .evidence =
                "the answer that allowed no retry, and the attempt that came. "
                "STATUS-7 is named, too, in the scenarios that name it",
            .killed_by =
                LIST("retries-413", "retries-501", "retries-511-without-oauth"),
        },
    .judge_attempt = judge,
};
