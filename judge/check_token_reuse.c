/* SPDX-License-Identifier: Apache-2.0 */
/* One token serves until it nears its end: it is not fetched again before, nor
 * by two at once, nor used when it is over. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/tokens.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <assert.h>

#define CHECK "token.reuse"

/* A client's clock counts from when it asked or from when it was answered, and
 * in whole seconds. */
#define EXPIRED_SURELY_NS NS_PER_S

/* Nobody had an answer to the earlier request until then; INT64_MIN = nobody
 * knows. */
static int64_t open_until_ns(const struct grant *grant)
{
    return grant->outcome.kind == OUTCOME_UNKNOWN ||
                   grant->outcome.to_ns == TIME_NEVER
               ? INT64_MIN
               : grant->outcome.to_ns;
}

/* The token was good until then, and not near its end; INT64_MIN = it brought
 * none. Renewing in the second half of its life is early enough for some. */
static int64_t good_until_ns(const struct grant *grant)
{
    int64_t near_end_ns = INT64_MAX;

    if (grant->token == NULL)
        return INT64_MIN;
    if (grant->life_ns != TIME_NEVER)
        near_end_ns = grant->attempt->arrived_ns + grant->life_ns / 2;
    return clock_earlier_ns(grant->void_from_ns, near_end_ns);
}

/* The first request after which none was to come yet; one reason is enough.
 * until_ns never falls, so it is looked up. */
static const struct grant *first_in_force(const struct tokens *tokens,
                                          const int64_t *until_ns, size_t index)
{
    int64_t at_ns = tokens->items[index].attempt->arrived_ns;
    size_t  low = 0;
    size_t  high = index;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (until_ns[middle] > at_ns)
            high = middle;
        else
            low = middle + 1;
    }
    return low < index ? &tokens->items[low] : NULL;
}

static void judge_fetch(const struct grant *first, const struct grant *next,
                        struct verdict *verdict)
{
    if (next->attempt->arrived_ns < open_until_ns(first))
        verdict_find(verdict, RULE_AUTH_7, CHECK, next->attempt->number,
                     "a token was asked for while attempt %u, which asked "
                     "for one too, was not answered yet",
                     first->attempt->number);
    else
        verdict_find(verdict, RULE_AUTH_7, CHECK, next->attempt->number,
                     "a token was asked for, though the one of attempt %u "
                     "was good and not near its end",
                     first->attempt->number);
}

static void judge_fetches(const struct tokens *tokens, struct verdict *verdict)
{
    int64_t *until_ns = alloc_zero(tokens->count + 1, sizeof until_ns[0]);
    int64_t  most_ns = INT64_MIN;

    for (size_t i = 0; i < tokens->count; i++) {
        const struct grant *grant = &tokens->items[i];
        const struct grant *first = first_in_force(tokens, until_ns, i);

        assert(first == NULL || first < grant);
        if (first != NULL)
            judge_fetch(first, grant, verdict);
        most_ns = clock_later_ns(most_ns, open_until_ns(grant));
        most_ns = clock_later_ns(most_ns, good_until_ns(grant));
        until_ns[i] = most_ns;
    }
    alloc_free(until_ns);
}

static void judge_use(const struct tokens       *tokens,
                      const struct attempt_view *view, struct verdict *verdict)
{
    const struct grant *grant = tokens_grant_of(tokens, view->attempt);
    int64_t             over_ns;
    char                over[EVIDENCE_MAX];

    if (grant == NULL || grant->life_ns == TIME_NEVER)
        return;
    over_ns = view->attempt->arrived_ns - grant->attempt->answered_ns -
              grant->life_ns;
    if (over_ns > EXPIRED_SURELY_NS)
        verdict_find(verdict, RULE_AUTH_7, CHECK, view->attempt->number,
                     "the request carried the token of attempt %u, which had "
                     "expired %s before",
                     grant->attempt->number, evidence_seconds(over, over_ns));
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct tokens *tokens = history->tokens;

    if (tokens == NULL)
        return;
    if (history->count > 1 && tokens->count > 0)
        verdict_saw(verdict, RULE_AUTH_7);
    judge_fetches(tokens, verdict);
    for (size_t i = 0; i < history->count; i++)
        judge_use(tokens, &history->items[i], verdict);
}

const struct check check_token_reuse = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_AUTH_7),
            .looks_at =
                "each request for a token, against the tokens given "
                "before; and the age of the token that a request carries",
            .evidence = "the attempt that brought the token that was still "
                        "good, or was asked while this one came. A token may "
                        "be renewed in the second half of its life, and is "
                        "expired a second after its expires_in",
            .killed_by =
                LIST("token-for-every-request", "token-for-every-worker",
                     "expired-token-used", "token-life-on-the-wall-clock"),
        },
    .judge = judge,
};
