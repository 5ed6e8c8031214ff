/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/status_rule.h"

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

enum rule_id status_rule(const struct attempt_view *view)
{
    switch (view->outcome.kind) {
    case OUTCOME_DELIVERED:
        return RULE_STATUS_1;
    case OUTCOME_RETRIED:
        return retried_rule(view->attempt->status);
    case OUTCOME_DROPPED:
        return dropped_rule(view->attempt->status);
    case OUTCOME_NETWORK:
        return RULE_NET_1;
    case OUTCOME_EITHER:
    case OUTCOME_UNKNOWN:
        break;
    }
    return RULE_NONE;
}

bool status_body_matters(const struct history      *history,
                         const struct attempt_view *view)
{
    return view->attempt->status >= 400 &&
           terms_name_rule(&history->terms, RULE_STATUS_7);
}
