/* SPDX-License-Identifier: Apache-2.0 */
/* A token that the server refused is not used again. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/tokens.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <assert.h>
#include <stdlib.h>

#define CHECK "token.void"

/* What another worker had under way when the refusal came may still arrive. */
#define UNDER_WAY_NS (250 * NS_PER_MS)

/* Whether whoever sent it must have known of the refusal. */
static bool knew(const struct attempt_view *view, const struct grant *grant)
{
    const struct attempt *attempt = view->attempt;

    if (grant->void_to_ns == INT64_MAX)
        return false;
    if (view->previous != NULL &&
        view->previous->outcome.from_ns == grant->void_from_ns)
        return true; /* it was told itself */
    return attempt->arrived_ns > grant->void_to_ns + UNDER_WAY_NS;
}

/* When tokens were refused, looked up: a client may ask for very many. */
struct refusals {
    int64_t *from_ns; /* sorted */
    size_t   count;
    int64_t  first_to_ns; /* INT64_MAX = none was */
};

static int by_time(const void *left, const void *right)
{
    const int64_t *a_ns = left;
    const int64_t *b_ns = right;

    return (*a_ns > *b_ns) - (*a_ns < *b_ns);
}

static struct refusals refusals_of(const struct tokens *tokens)
{
    struct refusals refusals = {
        .from_ns = alloc_zero(tokens->count + 1, sizeof refusals.from_ns[0]),
        .first_to_ns = INT64_MAX};

    for (size_t i = 0; i < tokens->count; i++) {
        const struct grant *grant = &tokens->items[i];

        if (grant->token == NULL || grant->void_to_ns == INT64_MAX)
            continue;
        assert(grant->void_from_ns != INT64_MAX);
        refusals.from_ns[refusals.count++] = grant->void_from_ns;
        if (grant->void_to_ns < refusals.first_to_ns)
            refusals.first_to_ns = grant->void_to_ns;
    }
    qsort(refusals.from_ns, refusals.count, sizeof refusals.from_ns[0],
          by_time);
    return refusals;
}

/* Some token was refused before this attempt, long enough ago. */
static bool after_a_refusal(const struct refusals     *refusals,
                            const struct attempt_view *view)
{
    if (refusals->count == 0)
        return false;
    if (view->attempt->arrived_ns > refusals->first_to_ns + UNDER_WAY_NS)
        return true;
    return view->previous != NULL &&
           bsearch(&view->previous->outcome.from_ns, refusals->from_ns,
                   refusals->count, sizeof(int64_t), by_time) != NULL;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct tokens *tokens = history->tokens;
    struct refusals      refusals;

    if (tokens == NULL)
        return;
    refusals = refusals_of(tokens);
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];
        const struct grant *grant = tokens_grant_of(tokens, view->attempt);
        char                after[EVIDENCE_MAX];

        if (after_a_refusal(&refusals, view))
            verdict_saw(verdict, RULE_AUTH_4);
        if (grant != NULL && knew(view, grant))
            verdict_find(verdict, RULE_AUTH_4, CHECK, view->attempt->number,
                         "the request carried the token of attempt %u again, "
                         "%s after the server had refused it; allowed is one "
                         "that was newly fetched",
                         grant->attempt->number,
                         evidence_seconds(after, view->attempt->arrived_ns -
                                                     grant->void_to_ns));
    }
    alloc_free(refusals.from_ns);
}

const struct check check_token_void = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_AUTH_4),
            .looks_at =
                "whether a token comes again that a 400, 401, 403 or 511 "
                "had refused",
            .evidence = "the attempt that brought the token, and how long "
                        "after the refusal it came. The retry of the refused "
                        "batch must know. Another batch's request may have "
                        "been under way, so it is blamed after 250 ms only",
            .killed_by = LIST("token-not-cleared", "token-cleared-on-511-only"),
        },
    .judge = judge,
};
