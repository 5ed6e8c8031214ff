/* SPDX-License-Identifier: Apache-2.0 */
#include "client/policy.h"

#include "client/values.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>

/* ---- values ---- */

static void take_ns(const cJSON *values, const char *name, int64_t *ns)
{
    double seconds = -1;

    values_take_number(values, name, &seconds);
    if (seconds >= 0 && seconds < 1e9)
        *ns = (int64_t)(seconds * (double)NS_PER_S);
}

/* "408" or "500-599"; false: neither. */
static bool read_range(const char *text, int64_t *from, int64_t *to)
{
    char part[4] = "";

    snprintf(part, sizeof part, "%.3s", text);
    if (!text_to_int(part, 100, STATUS_MAX, from))
        return false;
    *to = *from;
    return text[3] == '\0' ||
           (text[3] == '-' && text_to_int(text + 4, *from, STATUS_MAX, to));
}

/* Sets what the list names to this; false: it is no list of statuses. */
static bool take_statuses(const cJSON *values, const char *name,
                          unsigned char by_status[STATUS_MAX + 1],
                          unsigned char what, struct err *err)
{
    const cJSON *list = values_get(values, name);
    const cJSON *item;

    cJSON_ArrayForEach (item, list) {
        int64_t from;
        int64_t to;

        if (!cJSON_IsString(item) || strlen(item->valuestring) < 3 ||
            !read_range(item->valuestring, &from, &to))
            return err_set(err, ERR_USAGE, "profile",
                           "%s: allowed is a list of statuses", name);
        memset(by_status + from, what, (size_t)(to - from) + 1);
    }
    return true;
}

/* ---- the policy ---- */

static void take_law(const cJSON *values, struct retry_policy *policy)
{
    static const char *const laws[] = {
        [LAW_EXPONENTIAL] = "exponential",
        [LAW_LINEAR] = "linear",
        [LAW_FIXED] = "fixed",
        [LAW_FIBONACCI] = "fibonacci",
        [LAW_TABLE] = "table",
    };
    const cJSON *item;

    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++)
        if (values_say(values, "backoff_law", laws[i]))
            policy->law = (enum retry_law)i;
    cJSON_ArrayForEach (item, values_get(values, "backoff_table_s")) {
        if (cJSON_IsNumber(item) && policy->table_count < RETRY_TABLE_MAX)
            policy->table_s[policy->table_count++] = item->valuedouble;
    }
    if (policy->law == LAW_TABLE && policy->table_count == 0)
        policy->law = LAW_FIXED;
    values_take_number(values, "backoff_base_s", &policy->backoff_base_s);
    values_take_number(values, "backoff_factor", &policy->backoff_factor);
    policy->backoff_cap_s = RETRY_UNCAPPED_S;
    values_take_number(values, "backoff_cap_s", &policy->backoff_cap_s);
    values_take_number(values, "backoff_floor_s", &policy->backoff_floor_s);
    policy->caps_law = values_say(values, "backoff_cap_meets", "law");
    values_take_number(values, "first_retry_s", &policy->first_s);
    policy->first_shifts = values_say(values, "first_retry_then", "first");
    values_take_number(values, "jitter_min", &policy->jitter_min);
    values_take_number(values, "jitter_max", &policy->jitter_max);
    if (values_say(values, "jitter", "added"))
        values_take_number(values, "jitter_added_s", &policy->jitter_added_s);
    policy->is_decorrelated = values_say(values, "jitter", "decorrelated");
}

static void take_retry_after(const cJSON *values, struct retry_policy *policy)
{
    policy->max_retry_after_ns = INT64_MAX / 4; /* where there is none */
    take_ns(values, "retry_after_cap_s", &policy->max_retry_after_ns);
    values_take_number(values, "retry_after_clamp_s", &policy->clamp_s);
    if (values_say(values, "retry_after_meets", "larger"))
        policy->meets = MEETS_LARGER;
    if (values_say(values, "retry_after_meets", "added"))
        policy->meets = MEETS_ADDED;
    if (values_say(values, "retry_after_meets", "clamped"))
        policy->meets = MEETS_CLAMPED;
    policy->ignores_over_cap =
        values_say(values, "retry_after_over_cap", "ignore");
    policy->ends_over_cap =
        values_say(values, "retry_after_over_cap", "give-up");
    policy->counts_limits = values_say(values, "rate_limited_tries", "counted");
    policy->limits_batch = values_say(values, "gate", "batch");
    if (values_say(values, "bare_429", "block"))
        take_ns(values, "bare_429_block_s", &policy->bare_429_ns);
}

static void take_budgets(const cJSON *values, struct retry_policy *policy)
{
    double retries = (double)policy->max_retries;

    values_take_number(values, "max_retries_default", &retries);
    policy->max_retries = (int64_t)retries;
    policy->counts_attempts =
        values_say(values, "max_retries_means", "attempts");
    policy->max_total_backoff_ns = policy->max_rate_limit_ns =
        INT64_MAX / 4; /* where there is none */
    take_ns(values, "max_total_backoff_s", &policy->max_total_backoff_ns);
    take_ns(values, "max_rate_limit_s", &policy->max_rate_limit_ns);
}

static void take_bounds(const cJSON *values, struct retry_policy *policy)
{
    double limits = (double)policy->max_limits;

    policy->backoff_from_attempt =
        values_say(values, "max_total_backoff_from", "attempt");
    policy->shortens_limits =
        values_say(values, "retry_after_over_budget", "shorten");
    policy->requeues = values_say(values, "budget_after_requeue", "restart");
    values_take_number(values, "max_rate_limited_tries", &limits);
    policy->max_limits = (int64_t)limits;
    policy->limits_are_attempts =
        values_say(values, "max_rate_limited_means", "attempts");
    take_ns(values, "cool_off_s", &policy->cool_off_ns);
    values_take_number(values, "retry_quota", &policy->quota);
    values_take_number(values, "retry_quota_cost", &policy->quota_cost);
    values_take_number(values, "retry_quota_cost_timeout",
                       &policy->quota_cost_timeout);
}

bool policy_read(struct retry_policy *policy, const char *profile,
                 struct err *err)
{
    cJSON *values = profile != NULL ? cJSON_Parse(profile) : NULL;
    bool   ok = cJSON_IsObject(values) ||
              err_set(err, ERR_USAGE, "profile",
                      "found no JSON object, allowed is one of a profile's "
                      "values");

    if (ok) {
        memset(policy->answer, ANSWER_REFUSED, sizeof policy->answer);
        memset(policy->asks, false, sizeof policy->asks);
        memset(policy->asks_ms, false, sizeof policy->asks_ms);
        memset(policy->with_oauth, false, sizeof policy->with_oauth);
        policy->drops_trouble =
            values_say(values, "network_failure", "dropped");
        take_law(values, policy);
        take_retry_after(values, policy);
        take_budgets(values, policy);
        take_bounds(values, policy);
        ok = take_statuses(values, "delivered", policy->answer,
                           ANSWER_DELIVERED, err) &&
             take_statuses(values, "either", policy->answer, ANSWER_RETRIED,
                           err) &&
             take_statuses(values, "retried", policy->answer, ANSWER_RETRIED,
                           err) &&
             take_statuses(values, "retried_with_oauth", policy->with_oauth,
                           true, err) &&
             take_statuses(values, "retry_after_statuses", policy->asks, true,
                           err) &&
             take_statuses(values,
                           values_get(values, "retry_after_ms_statuses") != NULL
                               ? "retry_after_ms_statuses"
                               : "retry_after_statuses",
                           policy->asks_ms, true, err);
    }
    cJSON_Delete(values);
    return ok;
}

/* ---- answers ---- */

struct answer_fields policy_answer_fields(const char *profile)
{
    cJSON               *values = profile != NULL ? cJSON_Parse(profile) : NULL;
    const cJSON         *name;
    struct answer_fields fields = {
        .takes_decimals =
            values_say(values, "retry_after_decimals", "honoured")};

    fields.override = alloc_text(values_text(values, "override_header"));
    cJSON_ArrayForEach (name, values_get(values, "retry_after_ms_headers")) {
        if (cJSON_IsString(name) && fields.ms_count < OUTCOME_RETRY_AFTER_MAX)
            fields.ms[fields.ms_count++] = alloc_text(name->valuestring);
    }
    cJSON_Delete(values);
    return fields;
}
