/* SPDX-License-Identifier: Apache-2.0 */
/* maxRetries N allows N counted retries, and no more; so does the default,
 * where N was not given. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/leaving.h"

#define CHECK "budget.retries"

static enum rule_id rule_of(const struct history *history)
{
    if (history->plan->given.config[CONFIG_MAX_RETRIES] == CONFIG_UNSET)
        return RULE_BUDGET_5;
    return history->terms.retries == 0 ? RULE_BUDGET_2 : RULE_BUDGET_1;
}

static void judge_one(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    unsigned     retries = history->terms.retries;
    enum rule_id rule = rule_of(history);
    char         answer[EVIDENCE_MAX];

    if (!leaving_went_on(history, view))
        return;
    verdict_saw(verdict, rule);
    if (view->next == NULL)
        return;
    if (view->obligation.spent == SPENT_QUOTA)
        verdict_find(verdict, RULE_BUDGET_5, CHECK, view->next->attempt->number,
                     "attempt %u came after attempt %u failed (%s), when the "
                     "client's retries had taken all %g tokens of their quota",
                     view->next->attempt->number, view->attempt->number,
                     evidence_answer(answer, view),
                     history->profile->retry_quota);
    else
        verdict_find(
            verdict, rule, CHECK, view->next->attempt->number,
            "attempt %u came after attempt %u failed (%s), when all %u "
            "counted retries of batch %zu were spent",
            view->next->attempt->number, view->attempt->number,
            evidence_answer(answer, view), retries, view->batch->index + 1);
}

/* All retries are spent, and the profile has them begin anew after a pause. */
static void judge_pause(const struct history      *history,
                        const struct attempt_view *view,
                        struct verdict            *verdict)
{
    struct gap gap = gap_of(history, view, &view->obligation.wait);
    char       text[EVIDENCE_GAP_MAX];

    if (!gap.known)
        return;
    verdict_saw(verdict, rule_of(history));
    if (gap.early || gap.late)
        verdict_find(
            verdict, rule_of(history), CHECK, view->next->attempt->number,
            "%s, with the pause after %u spent retries",
            evidence_gap(text, history, view, &gap, &view->obligation.wait),
            history->terms.retries);
    if (gap.doubtful)
        verdict_doubt(verdict);
}

/* The last retry that the budget allows is due here. That it comes is judged
 * by check_retried.c. */
static bool is_last_chance(const struct history      *history,
                           const struct attempt_view *view)
{
    return view->obligation.must_retry && history->terms.retries > 0 &&
           view->obligation.retry_first == history->terms.retries &&
           leaving_went_on(history, view);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < history->batch_count; i++)
        for (const struct attempt_view *view = history->batches[i].first;
             view != NULL; view = view->next) {
            if (is_last_chance(history, view))
                verdict_saw(verdict, rule_of(history));
            if (view->obligation.kind == OBLIGATION_COOL_OFF)
                judge_pause(history, view, verdict);
            if (view->obligation.spent != SPENT_RETRIES &&
                view->obligation.spent != SPENT_QUOTA)
                continue;
            judge_one(history, view, verdict);
            break; /* the first too many tells all */
        }
}

const struct check check_budget = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_BUDGET_1, RULE_BUDGET_2, RULE_BUDGET_5),
            .looks_at = "whether an attempt comes when the batch's counted "
                        "retries are spent",
            .evidence = "the attempt too many, and the failure before it. It "
                        "is BUDGET-5 where maxRetries was not given",
            .killed_by = LIST("one-retry-too-many", "budget-zero-retries-once",
                              "budget-restarts-after-retry-after",
                              "network-errors-over-budget"),
        },
    .judge = judge,
};
