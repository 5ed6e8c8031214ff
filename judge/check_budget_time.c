/* SPDX-License-Identifier: Apache-2.0 */
/* No attempt starts later than the budgets of time allow: counted retrying
 * since the first failure, rate-limited waiting since the first limit. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/leaving.h"

#include "common/clock.h"

#define CHECK "budget.time"

struct budget {
    enum rule_id    rule; /* where it was given; the default is BUDGET-5's */
    enum config_key key;
    bool (*pays)(
        const struct attempt_view *view); /* it is this budget's to pay */
};

static bool is_counted(const struct attempt_view *view)
{
    return view->obligation.kind == OBLIGATION_BACKOFF;
}

static bool is_retry_after(const struct attempt_view *view)
{
    return view->obligation.kind == OBLIGATION_RETRY_AFTER;
}

static const struct budget budgets[] = {
    {RULE_BUDGET_3, CONFIG_MAX_TOTAL_BACKOFF, is_counted},
    {RULE_BUDGET_4, CONFIG_MAX_RATE_LIMIT, is_retry_after},
};

/* A budget, as this trial has it. */
struct budget_use {
    enum rule_id    rule;
    enum config_key key;
    bool            given; /* else it is the default */
    int64_t         allowed_ns;
    int64_t         since_ns; /* it has been spent; TIME_NEVER = not yet */
};

static struct budget_use use_of(const struct history *history,
                                const struct budget  *budget)
{
    bool given = history->plan->given.config[budget->key] != CONFIG_UNSET;

    return (struct budget_use){
        .rule = given ? budget->rule : RULE_BUDGET_5,
        .key = budget->key,
        .given = given,
        .allowed_ns = budget->key == CONFIG_MAX_RATE_LIMIT
                          ? history->terms.rate_limit_budget_ns
                          : history->terms.backoff_budget_ns,
        .since_ns = TIME_NEVER,
    };
}

/* The default is long; a batch that was not at it for the half of it says
 * nothing of it. */
static bool was_tried(const struct budget_use   *use,
                      const struct attempt_view *view)
{
    return use->given ||
           view->outcome.to_ns - use->since_ns >= use->allowed_ns / 2;
}

static void blame(const struct budget_use *use, const struct attempt_view *view,
                  int64_t spent_ns, struct verdict *verdict)
{
    char after[EVIDENCE_MAX];
    char allowed[EVIDENCE_MAX];

    verdict_find(verdict, use->rule, CHECK, view->next->attempt->number,
                 "attempt %u came %s after the batch's first such failure; "
                 "allowed is no attempt after %s (%s%s)",
                 view->next->attempt->number, evidence_seconds(after, spent_ns),
                 evidence_seconds(allowed, use->allowed_ns),
                 config_name(use->key), use->given ? "" : ", by default");
}

/* It came after a wait that the server asked for, or may have, and the budget
 * may have begun anew with that. */
static bool begins_anew(const struct history      *history,
                        const struct attempt_view *view)
{
    return view->previous != NULL &&
           view->previous->obligation.kind != OBLIGATION_BACKOFF &&
           !PROFILE_IS(history->profile, budget_after_requeue,
                       BUDGET_AFTER_REQUEUE_CONTINUE);
}

static bool is_from_attempt(const struct history *history,
                            const struct budget  *budget)
{
    return budget->key == CONFIG_MAX_TOTAL_BACKOFF &&
           history->profile->max_total_backoff_from ==
               MAX_TOTAL_BACKOFF_FROM_ATTEMPT;
}

static void judge_batch(const struct history    *history,
                        const struct budget     *budget,
                        const struct batch_view *batch, struct verdict *verdict)
{
    struct budget_use use = use_of(history, budget);
    enum lateness     lateness = LATENESS_CERTAIN;
    int64_t           began_ns = batch->first->attempt->arrived_ns;

    for (const struct attempt_view *view = batch->first; view != NULL;
         view = view->next) {
        int64_t spent_ns;

        if (budget->key == CONFIG_MAX_TOTAL_BACKOFF &&
            begins_anew(history, view)) {
            use.since_ns = TIME_NEVER;
            began_ns = view->attempt->arrived_ns;
        }
        if (!budget->pays(view))
            continue;
        if (use.since_ns == TIME_NEVER)
            use.since_ns = is_from_attempt(history, budget)
                               ? began_ns
                               : view->outcome.to_ns;
        if (use.since_ns == TIME_NEVER || !leaving_went_on(history, view))
            return;
        if (was_tried(&use, view))
            verdict_saw(verdict, use.rule);
        if (view->next == NULL)
            return;
        spent_ns = view->next->attempt->arrived_ns - use.since_ns;
        /* Nothing at all is allowed by 0, so nothing of it is lateness. */
        if (use.allowed_ns > 0)
            lateness = gap_lateness(history, spent_ns, use.allowed_ns);
        if (lateness == LATENESS_NONE)
            continue;
        blame(&use, view, spent_ns, verdict);
        if (lateness == LATENESS_DOUBTFUL)
            verdict_doubt(verdict);
        return;
    }
}

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < sizeof budgets / sizeof budgets[0]; i++)
        for (size_t j = 0; j < history->batch_count; j++)
            judge_batch(history, &budgets[i], &history->batches[j], verdict);
}

const struct check check_budget_time = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_BUDGET_3, RULE_BUDGET_4, RULE_BUDGET_5),
            .looks_at =
                "the time from a batch's first failure (first rate limit) "
                "to each later attempt, against the duration that was "
                "given, or the default",
            .evidence =
                "the attempt, its time since the batch's first such failure, "
                "and the duration. The default's rule is BUDGET-5; it is "
                "judged once a batch has spent half of it",
            .killed_by = LIST(
                "total-backoff-unbounded", "zero-duration-retries-once",
                "rate-limited-for-ever", "rate-limit-duration-looked-at-late",
                "default-backoff-a-day", "default-rate-limit-a-day",
                "budgets-on-the-wall-clock"),
        },
    .judge = judge,
};
