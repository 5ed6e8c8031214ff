/* One token serves until it nears its end: it is not fetched again before, nor
 * by two at once, nor used when it is over. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/tokens.h"

#include "common/clock.h"

#define CHECK "token.reuse"

/* A client's clock counts from when it asked or from when it was answered, and
 * in whole seconds. */
#define EXPIRED_SURELY_NS NS_PER_S

/* Nobody had an answer to the earlier request yet when the later one came. */
static bool overlap(const struct grant *earlier, const struct grant *later)
{
    int64_t known_ns = earlier->outcome.to_ns;

    return earlier->outcome.kind != OUTCOME_UNKNOWN && known_ns != TIME_NEVER &&
           later->attempt->arrived_ns < known_ns;
}

/* Renewing in the second half of its life is early enough for some. */
static bool is_near_end(const struct grant *grant, int64_t at_ns)
{
    return grant->life_ns != TIME_NEVER &&
           at_ns - grant->attempt->arrived_ns >= grant->life_ns / 2;
}

/* The token was good for a while yet when another was asked for. */
static bool was_good(const struct grant *grant, int64_t at_ns)
{
    return grant->token != NULL && grant->void_from_ns > at_ns &&
           !is_near_end(grant, at_ns);
}

static void judge_fetch(const struct tokens *tokens, size_t index,
                        struct verdict *verdict)
{
    const struct grant *later = &tokens->items[index];

    for (size_t i = 0; i < index; i++) {
        const struct grant *earlier = &tokens->items[i];
        int64_t             at_ns = later->attempt->arrived_ns;

        if (overlap(earlier, later))
            verdict_find(verdict, RULE_AUTH_7, CHECK, later->attempt->number,
                         "a token was asked for while attempt %u, which asked "
                         "for one too, was not answered yet",
                         earlier->attempt->number);
        else if (was_good(earlier, at_ns))
            verdict_find(verdict, RULE_AUTH_7, CHECK, later->attempt->number,
                         "a token was asked for, though the one of attempt %u "
                         "was good and not near its end",
                         earlier->attempt->number);
        else
            continue;
        return; /* one reason is enough */
    }
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
    struct tokens tokens;

    if (!history->terms.oauth)
        return;
    tokens_init(&tokens, history);
    if (history->count > 1 && tokens.count > 0)
        verdict_saw(verdict, RULE_AUTH_7);
    for (size_t i = 1; i < tokens.count; i++)
        judge_fetch(&tokens, i, verdict);
    for (size_t i = 0; i < history->count; i++)
        judge_use(&tokens, &history->items[i], verdict);
    tokens_clear(&tokens);
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
