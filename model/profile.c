/* SPDX-License-Identifier: Apache-2.0 */
#include "model/profile.h"

#include "common/clock.h"

#include <assert.h>
#include <math.h>

enum status_class profile_status(const struct profile *profile, int status,
                                 bool oauth)
{
    if (status < 100 || status >= PROFILE_STATUSES) {
        if (PROFILE_OPEN(profile, network_failure))
            return STATUS_EITHER;
        return profile->network_failure == NETWORK_FAILURE_RETRIED
                   ? STATUS_RETRIED
                   : STATUS_DROPPED;
    }
    if ((oauth && profile->retried_with_oauth[status]) ||
        profile->retried[status])
        return STATUS_RETRIED;
    if (profile->delivered[status])
        return STATUS_DELIVERED;
    return profile->either[status] ? STATUS_EITHER : STATUS_DROPPED;
}

static enum rule_id retried_rule(int status)
{
    if (status == 511)
        return RULE_STATUS_6;
    return status < 500 ? RULE_STATUS_2 : RULE_STATUS_4;
}

static enum rule_id dropped_rule(int status)
{
    if (status == 511)
        return RULE_STATUS_6;
    if (status < 400)
        return RULE_STATUS_1; /* where the profile takes 3xx for a failure */
    return status < 500 ? RULE_STATUS_3 : RULE_STATUS_5;
}

enum rule_id status_class_rule(enum status_class class, int status)
{
    switch (class) {
    case STATUS_DELIVERED:
        return RULE_STATUS_1;
    case STATUS_RETRIED:
        return retried_rule(status);
    case STATUS_DROPPED:
        return dropped_rule(status);
    case STATUS_EITHER:
        break;
    }
    return RULE_NONE;
}

bool profile_reads_retry_after(const struct profile *profile, int status,
                               bool in_ms)
{
    if (status < 100 || status >= PROFILE_STATUSES)
        return false;
    return in_ms && !PROFILE_OPEN(profile, retry_after_ms_statuses)
               ? profile->retry_after_ms_statuses[status]
               : profile->retry_after_statuses[status];
}

bool profile_honours_retry_after(const struct profile *profile, int status,
                                 bool oauth)
{
    enum status_class class = profile_status(profile, status, oauth);

    return profile_reads_retry_after(profile, status, false) &&
           (class == STATUS_RETRIED || class == STATUS_EITHER);
}

/* ---- the law of backoff ---- */

struct backoff_law profile_backoff(const struct profile *profile)
{
    return (struct backoff_law){
        .kind = profile->backoff_law,
        .base_s = profile->backoff_base_s,
        .factor = profile->backoff_factor,
        .cap_s = profile->backoff_cap_s,
        .floor_s = PROFILE_OPEN(profile, backoff_floor_s)
                       ? 0
                       : profile->backoff_floor_s,
        .table = profile->backoff_table_s,
        .first_s =
            PROFILE_OPEN(profile, first_retry_s) ? -1 : profile->first_retry_s,
        .first_shifts = profile->first_retry_then == FIRST_RETRY_THEN_FIRST,
        .jitter = profile->jitter,
        .jitter_min = profile->jitter_min,
        .jitter_max = profile->jitter_max,
        .jitter_added_s = profile->jitter_added_s,
        .caps_law = profile->backoff_cap_meets == BACKOFF_CAP_MEETS_LAW,
    };
}

/* By Binet; exact as long as a wait of it is far below any cap. */
static double fibonacci(unsigned n)
{
    const double golden = (1 + sqrt(5)) / 2;

    return n < 80 ? round(pow(golden, n) / sqrt(5)) : 1e17;
}

/* The n-th wait, neither capped nor jittered. */
static double law_s(const struct backoff_law *law, unsigned n)
{
    switch (law->kind) {
    case BACKOFF_LAW_EXPONENTIAL:
        return law->base_s * pow(law->factor, (double)(n - 1));
    case BACKOFF_LAW_LINEAR:
        return law->base_s * n;
    case BACKOFF_LAW_FIXED:
        return law->base_s;
    case BACKOFF_LAW_FIBONACCI:
        return law->base_s * fibonacci(n);
    case BACKOFF_LAW_TABLE:
        assert(law->table.count > 0);
        return law->table
            .at[(n <= law->table.count ? n : law->table.count) - 1];
    }
    return law->base_s;
}

int64_t backoff_law_ns(const struct backoff_law *law, unsigned retry)
{
    double wait_s;

    assert(retry >= 1);
    if (law->first_s >= 0 && retry == 1)
        wait_s = law->first_s;
    else
        wait_s = law_s(law, law->first_s >= 0 && law->first_shifts ? retry - 1
                                                                   : retry);
    if (wait_s > law->cap_s)
        wait_s = law->cap_s;
    return (int64_t)(wait_s * (double)NS_PER_S);
}

int64_t backoff_law_floor_ns(const struct backoff_law *law)
{
    return (int64_t)(fmin(law->floor_s, law->cap_s) * (double)NS_PER_S);
}

/* From the base to three times the wait before, whatever that was. */
static struct backoff_span decorrelated(const struct backoff_law *law,
                                        unsigned                  retry)
{
    double most_s = law->base_s * pow(3, retry < 30 ? retry : 30);

    return (struct backoff_span){
        (int64_t)(fmin(law->base_s, law->cap_s) * (double)NS_PER_S),
        (int64_t)(fmin(most_s, law->cap_s) * (double)NS_PER_S)};
}

static struct backoff_span jittered(const struct backoff_law *law,
                                    unsigned                  retry)
{
    double wait = (double)backoff_law_ns(law, retry);
    double cap = law->cap_s * (double)NS_PER_S;
    double least = wait;
    double most = wait;

    assert(law->jitter_min <= law->jitter_max);
    if (law->jitter == JITTER_DECORRELATED)
        return decorrelated(law, retry);
    if (law->jitter == JITTER_ADDED) {
        most += law->jitter_added_s * (double)NS_PER_S;
    } else {
        least *= law->jitter_min;
        most *= law->jitter_max;
    }
    if (!law->caps_law) {
        least = fmin(least, cap);
        most = fmin(most, cap);
    }
    return (struct backoff_span){(int64_t)least, (int64_t)most};
}

struct backoff_span backoff_law_span(const struct backoff_law *law,
                                     unsigned                  retry)
{
    struct backoff_span span = jittered(law, retry);
    int64_t             floor_ns = backoff_law_floor_ns(law);

    return (struct backoff_span){clock_later_ns(span.least_ns, floor_ns),
                                 clock_later_ns(span.most_ns, floor_ns)};
}

bool backoff_law_is_floored(const struct backoff_law *law, unsigned retry)
{
    return jittered(law, retry).least_ns < backoff_law_floor_ns(law);
}
