/* No attempt starts later than the budgets of time allow: counted retrying
 * since the first failure, rate-limited waiting since the first limit. */

#include "judge/check.h"
#include "judge/evidence.h"

#include "common/clock.h"

#define CHECK "budget.time"

struct budget {
    const char     *rule;
    enum config_key key;
    bool (*pays)(const struct seen *seen); /* it is this budget's to pay */
};

static bool is_counted(const struct seen *seen)
{
    return seen->duty.kind == DUTY_BACKOFF;
}

static bool is_told(const struct seen *seen)
{
    return seen->duty.kind == DUTY_TOLD;
}

static const struct budget budgets[] = {
    {"BUDGET-3", CONFIG_MAX_TOTAL_BACKOFF, is_counted},
    {"BUDGET-4", CONFIG_MAX_RATE_LIMIT, is_told},
};

static void judge_batch(const struct history *history,
                        const struct budget *budget, const struct batch *batch,
                        struct verdict *verdict)
{
    int64_t allowed_ns = history->plan->given.config[budget->key] * NS_PER_MS;
    int64_t since_ns = TIME_NEVER;
    enum lateness lateness = LATENESS_CERTAIN;
    char    after[EVIDENCE_MAX];
    char    allowed[EVIDENCE_MAX];

    for (const struct seen *seen = batch->first; seen != NULL;
         seen = seen->next) {
        int64_t spent_ns;

        if (!budget->pays(seen))
            continue;
        if (since_ns == TIME_NEVER)
            since_ns = seen->fate.to_ns;
        if (since_ns == TIME_NEVER || !history_went_on(history, seen))
            return;
        verdict_saw(verdict, budget->rule);
        if (seen->next == NULL)
            return;
        spent_ns = seen->next->attempt->arrived_ns - since_ns;
        /* Nothing at all is allowed by 0, so nothing of it is lateness. */
        if (allowed_ns > 0)
            lateness = history_lateness(history, spent_ns, allowed_ns);
        if (lateness == LATENESS_NONE)
            continue;
        verdict_find(verdict, budget->rule, CHECK,
                     seen->next->attempt->number,
                     "attempt %u came %s after the batch's first such "
                     "failure; allowed is no attempt after %s (%s)",
                     seen->next->attempt->number,
                     evidence_seconds(after, spent_ns),
                     evidence_seconds(allowed, allowed_ns),
                     config_name(budget->key));
        if (lateness == LATENESS_DOUBTFUL)
            verdict_doubt(verdict);
        return;
    }
}

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < sizeof budgets / sizeof budgets[0]; i++) {
        if (history->plan->given.config[budgets[i].key] == CONFIG_UNSET)
            continue;
        for (size_t j = 0; j < history->batch_count; j++)
            judge_batch(history, &budgets[i], &history->batches[j], verdict);
    }
}

const struct check check_budget_time = {
    .info = {
        .name = CHECK,
        .rules = LIST("BUDGET-3", "BUDGET-4"),
        .looks_at = "the time from a batch's first failure (first rate limit) "
                    "to each later attempt, against the configured duration",
        .killed_by = LIST("total-backoff-unbounded",
                          "zero-duration-retries-once",
                          "rate-limited-for-ever",
                          "rate-limit-duration-looked-at-late"),
    },
    .judge = judge,
};
