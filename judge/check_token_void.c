/* A token that the server refused is not used again. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/tokens.h"

#include "common/clock.h"

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

/* Some token was refused before this attempt, long enough ago. */
static bool after_a_refusal(const struct tokens       *tokens,
                            const struct attempt_view *view)
{
    for (size_t i = 0; i < tokens->count; i++)
        if (tokens->items[i].token != NULL && knew(view, &tokens->items[i]))
            return true;
    return false;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    struct tokens tokens;

    if (!history->terms.oauth)
        return;
    tokens_init(&tokens, history);
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];
        const struct grant *grant = tokens_grant_of(&tokens, view->attempt);
        char                after[EVIDENCE_MAX];

        if (after_a_refusal(&tokens, view))
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
    tokens_clear(&tokens);
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
