/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/quota.h"

#include "common/alloc.h"

#include <assert.h>

static double dearer(const struct profile *profile)
{
    return profile->retry_quota_cost > profile->retry_quota_cost_timeout
               ? profile->retry_quota_cost
               : profile->retry_quota_cost_timeout;
}

static double cheaper(const struct profile *profile)
{
    return profile->retry_quota_cost < profile->retry_quota_cost_timeout
               ? profile->retry_quota_cost
               : profile->retry_quota_cost_timeout;
}

/* What the retry of such an attempt takes, at the least. Of what a client may
 * take for a throttle nobody knows. */
static double least_cost(const struct profile *profile,
                         const struct outcome *outcome)
{
    switch (outcome->kind) {
    case OUTCOME_RETRIED:
        return profile->retry_quota_cost;
    case OUTCOME_NETWORK:
        return cheaper(profile);
    default:
        return 0;
    }
}

static bool may_be_retried(const struct outcome *outcome)
{
    return outcome->kind != OUTCOME_DELIVERED &&
           outcome->kind != OUTCOME_DROPPED;
}

/* The first attempt that arrived later than that. */
static size_t after(const struct history *history, int64_t at_ns)
{
    size_t low = 0;
    size_t high = history->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (history->items[middle].attempt->arrived_ns <= at_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Each failure that had come by then may have taken as much as any does. */
static void find_perhaps(const struct history *history, enum quota *quotas)
{
    double *taken = alloc_zero(history->count + 1, sizeof taken[0]);

    for (size_t i = 0; i < history->count; i++)
        taken[i + 1] = taken[i] + (may_be_retried(&history->items[i].outcome)
                                       ? dearer(history->profile)
                                       : 0);
    for (size_t i = 0; i < history->count; i++) {
        int64_t  at_ns = history->items[i].outcome.to_ns;
        unsigned unseen = unseen_between(&history->unseen, 0, at_ns);

        if (taken[after(history, at_ns)] + unseen * dearer(history->profile) >
            history->profile->retry_quota)
            quotas[i] = QUOTA_PERHAPS;
    }
    alloc_free(taken);
}

/* Each success gives back the most that it can, as soon as it was asked for. */
static void find_spent(const struct history *history, enum quota *quotas)
{
    double left[PLAN_CLIENTS_MAX + 1];

    for (size_t i = 0; i <= PLAN_CLIENTS_MAX; i++)
        left[i] = history->profile->retry_quota;
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];
        const struct attempt_view *before = view->previous;
        double                    *tokens;

        if (view->batch == NULL)
            continue;
        tokens = &left[view->batch->client];
        if (before != NULL)
            *tokens -= least_cost(history->profile, &before->outcome);
        if (before != NULL && *tokens < 0)
            quotas[before - history->items] = QUOTA_SPENT;
        if (!may_be_retried(&view->outcome) ||
            view->outcome.kind == OUTCOME_UNKNOWN)
            *tokens += before != NULL ? dearer(history->profile) + 1 : 1;
    }
}

enum quota *quota_find(const struct history *history)
{
    enum quota *quotas;

    if (PROFILE_OPEN(history->profile, retry_quota))
        return NULL;
    quotas = alloc_zero(history->count + 1, sizeof quotas[0]);
    find_perhaps(history, quotas);
    if (!history->blind)
        find_spent(history, quotas);
    return quotas;
}
