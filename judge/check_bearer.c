/* SPDX-License-Identifier: Apache-2.0 */
/* With OAuth each request carries a token that was given, and no write key's
 * credentials beside or instead of it. */

#include "judge/check.h"
#include "judge/tokens.h"

#define CHECK "authorization.bearer"

/* What is wrong with the attempt's credentials; NULL = nothing. */
static const char *fault_of(const struct tokens  *tokens,
                            const struct attempt *attempt)
{
    if (header_count(&attempt->headers, "Authorization") == 0)
        return "no Authorization";
    if (header_count(&attempt->headers, "Authorization") > 1)
        return "more than one Authorization";
    if (tokens_carried(attempt) == NULL)
        return "an Authorization that is not Bearer";
    if (tokens_grant_of(tokens, attempt) == NULL)
        return "a bearer token that was not given before it came";
    return NULL;
}

/* A retry carries the same token, or one that was given later. */
static void judge_retry(const struct tokens       *tokens,
                        const struct attempt_view *view,
                        struct verdict            *verdict)
{
    const struct grant *earlier =
        tokens_grant_of(tokens, view->previous->attempt);
    const struct grant *now = tokens_grant_of(tokens, view->attempt);

    verdict_saw(verdict, RULE_AUTH_3);
    if (earlier != NULL && now != NULL && now < earlier)
        verdict_find(verdict, RULE_AUTH_3, CHECK, view->attempt->number,
                     "retry %u carried the token of attempt %u, older than "
                     "the one that the attempt before it had (of attempt %u)",
                     view->nth - 1, now->attempt->number,
                     earlier->attempt->number);
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    const struct tokens *tokens = history->tokens;
    const char          *fault;

    if (tokens == NULL)
        return;
    fault = fault_of(tokens, view->attempt);
    verdict_saw(verdict, RULE_AUTH_2);
    if (view->previous != NULL)
        judge_retry(tokens, view, verdict);
    if (fault == NULL)
        return;
    if (view->previous != NULL &&
        fault_of(tokens, view->previous->attempt) == NULL)
        verdict_find(verdict, RULE_AUTH_3, CHECK, view->attempt->number,
                     "retry %u carried %s; the attempt before it had a right "
                     "token",
                     view->nth - 1, fault);
    else
        verdict_find(verdict, RULE_AUTH_2, CHECK, view->attempt->number,
                     "the request carried %s; allowed is Authorization: "
                     "Bearer and a token of the token endpoint",
                     fault);
}

const struct check check_bearer = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_AUTH_2, RULE_AUTH_3),
            .looks_at = "with OAuth: the Authorization field of each request, "
                        "against the tokens that had been given by then",
            .evidence = "what the field was instead; for a retry, the attempts "
                        "that brought its token and the one before it",
            .killed_by = LIST("basic-with-oauth", "no-authorization-on-retry"),
        },
    .judge_attempt = judge,
};
