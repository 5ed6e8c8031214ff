/* SPDX-License-Identifier: Apache-2.0 */
/* Who sends it: each request carries the write key, retries too. */

#include "judge/check.h"

#include "common/alloc.h"
#include "common/base64.h"

#include <string.h>

#define SCHEME "Basic "

/* What is wrong with the attempt's credentials; NULL = nothing. */
static const char *fault_of(const struct attempt *attempt, const char *expected)
{
    const char *value = header_get(&attempt->headers, "Authorization", 0);

    if (value == NULL)
        return "no Authorization";
    if (header_count(&attempt->headers, "Authorization") > 1)
        return "more than one Authorization";
    if (strlen(value) <= strlen(SCHEME) ||
        strncasecmp(value, SCHEME, strlen(SCHEME)) != 0)
        return "an Authorization that is not Basic";
    if (strcmp(value + strlen(SCHEME), expected) != 0)
        return "Basic credentials that are not base64(writeKey + \":\")";
    return NULL;
}

static void judge_attempt(const struct attempt_view *view, const char *expected,
                          struct verdict *verdict)
{
    const char *fault = fault_of(view->attempt, expected);
    bool        retry = view->nth > 1;

    verdict_saw(verdict, RULE_AUTH_1);
    if (retry)
        verdict_saw(verdict, RULE_AUTH_3);
    if (fault == NULL)
        return;
    if (retry && fault_of(view->batch->first->attempt, expected) == NULL)
        verdict_find(verdict, RULE_AUTH_3, "authorization",
                     view->attempt->number,
                     "retry %u carried %s; the batch's first attempt had the "
                     "right credentials",
                     view->nth - 1, fault);
    else
        verdict_find(verdict, RULE_AUTH_1, "authorization",
                     view->attempt->number,
                     "the request carried %s; allowed is Authorization: "
                     "Basic base64(writeKey + \":\")",
                     fault);
}

static bool any_is_sent(const struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (header_count(&history->items[i].attempt->headers, "Authorization") >
            0)
            return true;
    return false;
}

/* Whether this client is to send any. */
static bool is_asked_for(const struct history *history)
{
    switch (history->profile->authorization) {
    case AUTHORIZATION_BASIC:
        return true;
    case AUTHORIZATION_NONE:
        return false;
    case AUTHORIZATION_AS_SENT:
        break;
    }
    return any_is_sent(history);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const char *write_key = history->plan->given.write_key;
    char       *credentials;
    char       *expected;

    if (history->terms.oauth || write_key == NULL || !is_asked_for(history))
        return;
    credentials = alloc_format("%s:", write_key);
    expected = base64_encode(credentials, strlen(credentials));
    for (size_t i = 0; i < history->count; i++)
        judge_attempt(&history->items[i], expected, verdict);
    alloc_free(credentials);
    alloc_free(expected);
}

const struct check check_authorization = {
    .info =
        {
            .name = "authorization",
            .rules = RULES(RULE_AUTH_1, RULE_AUTH_3),
            .looks_at = "the Authorization field of each request, against the "
                        "write key that was given",
            .evidence =
                "what the field was instead (missing, twice, not Basic, other "
                "credentials), never its value. Nothing is judged where the "
                "profile's authorization is none, nor where it is as-sent and "
                "no request of the trial has the field",
            .killed_by = LIST("no-authorization", "no-authorization-on-retry",
                              "two-authorizations"),
        },
    .judge = judge,
};
