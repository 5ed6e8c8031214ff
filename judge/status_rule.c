/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/status_rule.h"

enum rule_id status_rule(const struct attempt_view *view)
{
    static const enum status_class classes[] = {
        [OUTCOME_DELIVERED] = STATUS_DELIVERED,
        [OUTCOME_RETRIED] = STATUS_RETRIED,
        [OUTCOME_DROPPED] = STATUS_DROPPED,
        [OUTCOME_EITHER] = STATUS_EITHER,
        [OUTCOME_UNKNOWN] = STATUS_EITHER,
    };

    if (view->outcome.kind == OUTCOME_NETWORK)
        return RULE_NET_1;
    return status_class_rule(classes[view->outcome.kind],
                             view->attempt->status);
}

bool status_body_matters(const struct history      *history,
                         const struct attempt_view *view)
{
    return view->attempt->status >= 400 &&
           terms_name_rule(&history->terms, RULE_STATUS_7);
}
