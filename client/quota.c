/* SPDX-License-Identifier: Apache-2.0 */
#include "client/quota.h"

void quota_init(struct quota *quota, const struct retry_policy *policy)
{
    pthread_mutex_init(&quota->mutex, NULL);
    quota->left = policy->quota;
}

void quota_clear(struct quota *quota)
{
    pthread_mutex_destroy(&quota->mutex);
}

static void give_back(struct quota *quota, const struct retry_policy *policy,
                      const struct retry *retry)
{
    quota->left += retry->cost > 0 ? retry->cost : 1;
    if (quota->left > policy->quota)
        quota->left = policy->quota;
}

static void take(struct quota *quota, const struct retry_policy *policy,
                 const struct outcome *outcome, struct retry *retry,
                 struct move *move)
{
    double cost = outcome->trouble == TROUBLE_TIMEOUT
                      ? policy->quota_cost_timeout
                      : policy->quota_cost;

    if (quota->left < cost) {
        *move = move_drop(DROP_QUOTA);
        return;
    }
    quota->left -= cost;
    retry->cost = cost;
}

void quota_settle(struct quota *quota, const struct retry_policy *policy,
                  const struct outcome *outcome, struct retry *retry,
                  struct move *move)
{
    if (policy->quota <= 0)
        return;
    pthread_mutex_lock(&quota->mutex);
    if (move->kind == MOVE_DELIVERED)
        give_back(quota, policy, retry);
    else if (move->kind == MOVE_WAIT)
        take(quota, policy, outcome, retry, move);
    pthread_mutex_unlock(&quota->mutex);
}
