/* SPDX-License-Identifier: Apache-2.0 */
#include "model/open_rules.h"

#include <stddef.h>

static bool has_no_count(const struct profile *profile)
{
    return PROFILE_OPEN(profile, attempt_header);
}

static bool has_no_credentials(const struct profile *profile)
{
    return profile->authorization == AUTHORIZATION_NONE;
}

static bool any_from(const bool statuses[PROFILE_STATUSES], int from, int to)
{
    for (int status = from; status <= to; status++)
        if (statuses[status])
            return true;
    return false;
}

static bool has_no_retried_4xx(const struct profile *profile)
{
    return PROFILE_OPEN(profile, override_header) &&
           !any_from(profile->retried, 400, 499);
}

static bool has_no_retried_5xx(const struct profile *profile)
{
    return PROFILE_OPEN(profile, override_header) &&
           !any_from(profile->retried, 500, 599);
}

static bool is_dropped(const struct profile *profile, int status)
{
    return !profile->retried[status] && !profile->either[status] &&
           !profile->delivered[status];
}

static bool has_no_dropped(const struct profile *profile, int from, int to)
{
    if (!PROFILE_OPEN(profile, override_header))
        return false;
    for (int status = from; status <= to; status++)
        if (is_dropped(profile, status))
            return false;
    return true;
}

static bool has_no_dropped_error(const struct profile *profile)
{
    return has_no_dropped(profile, 400, 599);
}

/* Of no error it is said what becomes of it. */
static bool decides_no_error(const struct profile *profile)
{
    return has_no_dropped_error(profile) && has_no_retried_4xx(profile) &&
           has_no_retried_5xx(profile);
}

static bool has_no_dropped_4xx(const struct profile *profile)
{
    return has_no_dropped(profile, 400, 499);
}

static bool has_no_dropped_5xx(const struct profile *profile)
{
    return has_no_dropped(profile, 500, 599);
}

static bool has_no_511_of_oauth(const struct profile *profile)
{
    return !profile->retried_with_oauth[511];
}

static bool has_no_retry_after(const struct profile *profile)
{
    return !any_from(profile->retry_after_statuses, 100, PROFILE_STATUSES - 1);
}

/* Nor do the fields in ms ask for any wait. */
static bool has_no_asked_wait(const struct profile *profile)
{
    bool in_ms =
        profile->retry_after_ms_headers.count > 0 &&
        !PROFILE_OPEN(profile, retry_after_ms_statuses) &&
        any_from(profile->retry_after_ms_statuses, 100, PROFILE_STATUSES - 1);

    return !in_ms && has_no_retry_after(profile);
}

static bool has_no_cap_of_retry_after(const struct profile *profile)
{
    return has_no_asked_wait(profile) ||
           PROFILE_OPEN(profile, retry_after_cap_s);
}

static bool has_waits_that_count(const struct profile *profile)
{
    return has_no_asked_wait(profile) ||
           !PROFILE_IS(profile, rate_limited_tries, RATE_LIMITED_TRIES_FREE);
}

static bool has_no_gate(const struct profile *profile)
{
    return has_no_asked_wait(profile) || !PROFILE_IS(profile, gate, GATE_ALL);
}

static bool drops_429(const struct profile *profile)
{
    return !profile->retried[429];
}

static bool has_no_law(const struct profile *profile)
{
    return PROFILE_OPEN(profile, backoff_law);
}

static bool has_no_cap(const struct profile *profile)
{
    return has_no_law(profile) || PROFILE_OPEN(profile, backoff_cap_s);
}

/* Its waits are no even draw from one window. */
static bool has_no_window(const struct profile *profile)
{
    return has_no_law(profile) || PROFILE_OPEN(profile, jitter_spread) ||
           profile->jitter == JITTER_DECORRELATED ||
           (profile->jitter == JITTER_FACTOR &&
            profile->jitter_min >= profile->jitter_max);
}

static bool has_no_default_budget(const struct profile *profile)
{
    return PROFILE_OPEN(profile, max_retries_default) &&
           PROFILE_OPEN(profile, retry_quota);
}

static bool has_no_backoff_budget(const struct profile *profile)
{
    return PROFILE_OPEN(profile, max_total_backoff_s);
}

static bool has_no_rate_limit_budget(const struct profile *profile)
{
    return PROFILE_OPEN(profile, max_rate_limit_s);
}

static bool has_endless_limits(const struct profile *profile)
{
    return has_no_rate_limit_budget(profile) &&
           PROFILE_OPEN(profile, max_rate_limited_tries);
}

static bool has_no_fresh_sent_at(const struct profile *profile)
{
    return !PROFILE_IS(profile, sent_at, SENT_AT_FRESH);
}

static bool retries_no_failure(const struct profile *profile)
{
    return !PROFILE_IS(profile, network_failure, NETWORK_FAILURE_RETRIED);
}

static const struct {
    enum rule_id rule;
    bool (*is_open)(const struct profile *profile);
} scopes[] = {
    {RULE_AUTH_1, has_no_credentials},
    {RULE_AUTH_3, has_no_credentials},
    {RULE_AUTH_6, has_no_retried_5xx},
    {RULE_COUNT_1, has_no_count},
    {RULE_COUNT_2, has_no_count},
    {RULE_COUNT_3, has_no_count},
    {RULE_COUNT_4, has_no_count},
    {RULE_STATUS_2, has_no_retried_4xx},
    {RULE_STATUS_3, has_no_dropped_4xx},
    {RULE_STATUS_4, has_no_retried_5xx},
    {RULE_STATUS_5, has_no_dropped_5xx},
    {RULE_STATUS_6, has_no_511_of_oauth},
    {RULE_STATUS_7, decides_no_error},
    {RULE_RA_1, has_no_asked_wait},
    {RULE_RA_2, has_no_asked_wait},
    {RULE_RA_3, has_no_cap_of_retry_after},
    {RULE_RA_4, has_waits_that_count},
    {RULE_RA_5, has_no_gate},
    {RULE_RA_7, drops_429},
    {RULE_RA_8, has_no_retry_after},
    {RULE_RA_9, has_no_retry_after},
    {RULE_RA_10, has_no_retry_after},
    {RULE_RA_11, has_endless_limits},
    {RULE_RA_12, has_no_asked_wait},
    {RULE_RA_13, has_no_asked_wait},
    {RULE_BACK_1, has_no_law},
    {RULE_BACK_2, has_no_cap},
    {RULE_BACK_3, has_no_window},
    {RULE_BACK_4, has_no_window},
    {RULE_BACK_5, has_no_law},
    {RULE_BACK_6, has_no_law},
    {RULE_BUDGET_3, has_no_backoff_budget},
    {RULE_BUDGET_4, has_no_rate_limit_budget},
    {RULE_BUDGET_5, has_no_default_budget},
    {RULE_NET_1, retries_no_failure},
    {RULE_DELIVER_5, has_no_dropped_error},
    {RULE_DELIVER_10, has_no_fresh_sent_at},
};

bool profile_leaves_open(const struct profile *profile, enum rule_id rule_id)
{
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++)
        if (scopes[i].rule == rule_id)
            return scopes[i].is_open(profile);
    return false;
}
