#include "judge/status_rule.h"

#include <stddef.h>

static const char *retried_rule(int status)
{
    if (status == 511)
        return "STATUS-6";
    return status < 500 ? "STATUS-2" : "STATUS-4";
}

static const char *dropped_rule(int status)
{
    if (status == 511)
        return "STATUS-6";
    if (status < 400)
        return "STATUS-1"; /* where the profile takes 3xx for a failure */
    return status < 500 ? "STATUS-3" : "STATUS-5";
}

const char *status_rule(const struct attempt_view *view)
{
    switch (view->outcome.kind) {
    case OUTCOME_DELIVERED:
        return "STATUS-1";
    case OUTCOME_RETRIED:
        return retried_rule(view->attempt->status);
    case OUTCOME_DROPPED:
        return dropped_rule(view->attempt->status);
    case OUTCOME_NETWORK:
        return "NET-1";
    case OUTCOME_UNKNOWN:
        break;
    }
    return NULL;
}

bool status_body_matters(const struct history      *history,
                         const struct attempt_view *view)
{
    return view->attempt->status >= 400 &&
           terms_name_rule(&history->terms, "STATUS-7");
}
