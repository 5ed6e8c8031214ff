/* SPDX-License-Identifier: Apache-2.0 */
/* How often and how long it is tried: retries and durations. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/clock.h"

DECIDE(refill_budget)
{
    WORKER_MEMORY unsigned given_back;

    if (request->retry == 0)
        given_back = 0;
    if (move->blocks_all) {
        given_back = retry->counted;
    } else if (move->kind == MOVE_DROP && move->drop == DROP_RETRIES_SPENT &&
               retry->counted < mistake_policy.max_retries + given_back) {
        mistake_back_off(outcome, retry, move);
    }
}

CONFIGURE(limited_for_ever)
{
    policy->max_rate_limit_ns = INT64_MAX;
}

CONFIGURE(one_more)
{
    policy->max_retries++;
}

CONFIGURE(one_at_least)
{
    if (policy->max_retries == 0)
        policy->max_retries = 1;
}

static void default_retries(const struct ingest_config *config,
                            struct retry_policy *policy, unsigned retries)
{
    struct ingest_config fresh;

    ingest_config_init(&fresh);
    if (config->max_retries == fresh.max_retries)
        policy->max_retries = retries;
}

CONFIGURE(ten_by_default)
{
    default_retries(config, policy, 10);
}

CONFIGURE(one_too_few_by_default)
{
    default_retries(config, policy, 999);
}

#define DEFAULT_DURATION_NS (43200 * NS_PER_S)

CONFIGURE(an_hour_by_default)
{
    if (policy->max_total_backoff_ns == DEFAULT_DURATION_NS)
        policy->max_total_backoff_ns = 3600 * NS_PER_S;
}

CONFIGURE(a_day_by_default)
{
    if (policy->max_total_backoff_ns == DEFAULT_DURATION_NS)
        policy->max_total_backoff_ns = 2 * DEFAULT_DURATION_NS;
}

CONFIGURE(limited_a_day_by_default)
{
    if (policy->max_rate_limit_ns == DEFAULT_DURATION_NS)
        policy->max_rate_limit_ns = 2 * DEFAULT_DURATION_NS;
}

/* The duration is looked at when an attempt has failed, and not when the next
 * one starts. */
DECIDE(look_at_limit_late)
{
    if (move->blocks_all && outcome->ended_ns - retry->limited_since_ns >
                                mistake_policy.max_rate_limit_ns)
        *move = move_drop(DROP_RATE_LIMIT_SPENT);
}

CONFIGURE(limit_unbounded_at_start)
{
    mistake_know_policy(config, policy);
    policy->max_rate_limit_ns = INT64_MAX;
}

CONFIGURE(retry_for_ever)
{
    policy->max_total_backoff_ns = INT64_MAX;
}

/* Long enough for the law's first wait. */
CONFIGURE(once_at_zero)
{
    if (policy->max_total_backoff_ns == 0)
        policy->max_total_backoff_ns = NS_PER_S;
}

/* clang-format off */
const struct mutant mutants_budget[] = {
    {"rate-limited-for-ever", "BUDGET-4",
     "Knows no end of 429 with Retry-After.", {.configure = limited_for_ever}},
    {"one-retry-too-many", "BUDGET-1", "Retries maxRetries + 1 times.",
     {.configure = one_more}},
    {"budget-restarts-after-retry-after", "BUDGET-1",
     "A Retry-After wait gives the retries back that were spent before it.",
     {.configure = mistake_know_policy, .decide = refill_budget}},
    {"budget-zero-retries-once", "BUDGET-2", "Takes maxRetries 0 for 1.",
     {.configure = one_at_least}},
    {"total-backoff-unbounded", "BUDGET-3",
     "Knows no maxTotalBackoffDuration.", {.configure = retry_for_ever}},
    {"zero-duration-retries-once", "BUDGET-3",
     "Retries once when maxTotalBackoffDuration is 0.",
     {.configure = once_at_zero}},
    {"rate-limit-duration-looked-at-late", "BUDGET-4",
     "Looks at maxRateLimitDuration when an attempt has failed, and not when "
     "the next one starts.",
     {.configure = limit_unbounded_at_start, .decide = look_at_limit_late}},
    {"default-retries-10", "BUDGET-5", "Retries 10 times by default.",
     {.configure = ten_by_default}},
    {"default-retries-999", "BUDGET-5", "Retries 999 times by default.",
     {.configure = one_too_few_by_default}},
    {"default-backoff-an-hour", "BUDGET-5",
     "Gives up after an hour of counted retrying by default.",
     {.configure = an_hour_by_default}},
    {"default-backoff-a-day", "BUDGET-5",
     "Gives up after a day of counted retrying by default.",
     {.configure = a_day_by_default}},
    {"default-rate-limit-a-day", "BUDGET-5",
     "Gives up after a day of being rate-limited by default.",
     {.configure = limited_a_day_by_default}},
    {.name = NULL},
};
/* clang-format on */
